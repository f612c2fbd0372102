package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.testing.Fault;
import dev.valifyproxy.testing.Fault.Told;
import dev.valifyproxy.testing.FaultFixture;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Each fault met by a POST: what the client is told, what the upstream saw, what became of the token's use. */
@Tag("tls")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class FaultsTest {

    private static void post(RawClient client, Fault fault) throws IOException {
        byte[] body = fault.body();
        client.send("POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: " + body.length + "\r\n\r\n");
        client.send(body);
    }

    private static void assertSettled(Fixture fixture, int usesTaken) {
        Fixture.await("no connection is left", () -> fixture.connections().open() == 0);
        assertThat(fixture.pool().usesTaken()).isEqualTo(usesTaken);
        assertThat(fixture.pool().waiters()).isZero();
        assertThat(fixture.proxy.status().replayMemory()).isZero();
        assertThat(fixture.proxy.status().callsInProgress()).isZero();
        assertThat(fixture.calls).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "RESET_AT_ONCE")
    void the_client_is_told_what_became_of_its_call_which_goes_out_once_at_the_most(Fault fault) throws IOException {
        try (FaultFixture faulty = new FaultFixture(fault);
                RawClient client = faulty.fixture.client()) {
            Fixture fixture = faulty.fixture;
            post(client, fault);
            if (fault.told().status() == 200) {
                assertThat(client.readHeadOnly().status()).isEqualTo(200);
                faulty.headReceived();
                assertThat(readRest(client).length()).isLessThan(10);
                assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.TRUNCATED);
            } else {
                assertTold(client.read(), fault.told());
                assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.FAILED);
            }
            int connections = fault == Fault.REFUSED || fault == Fault.BLACK_HOLED ? 0 : 1;
            Fixture.await("each was counted", () -> fixture.upstream.connections() == connections);
            assertThat(fixture.upstream.requests()).hasSizeLessThanOrEqualTo(fault.isSent() ? 1 : 0);
            assertSettled(fixture, fault.isSent() ? 1 : 0);
        }
    }

    private static void assertTold(Response response, Told told) {
        assertThat(response.status()).isEqualTo(told.status());
        assertThat(response.text())
                .contains("\"proxy_error\":\"" + told.code() + "\"")
                .contains("\"performed\":\"" + told.performed() + "\"");
        assertThat(response.field("Proxy-Status")).containsExactly("valify-proxy; error=" + told.type());
    }

    private static String readRest(RawClient client) throws IOException {
        try {
            return client.readToEnd();
        } catch (SocketException reset) {
            return "";
        }
    }

    /** Whether the reset or the request is first is anybody's guess; what is said of it must be true. */
    @ParameterizedTest
    @EnumSource(names = "RESET_AT_ONCE")
    void a_connection_that_is_reset_as_soon_as_it_stands_costs_no_use_unless_the_head_went_out(Fault fault)
            throws IOException {
        for (int i = 0; i < 10; i++) {
            try (FaultFixture faulty = new FaultFixture(fault);
                    RawClient client = faulty.fixture.client()) {
                post(client, fault);
                Response response = client.read();
                assertThat(response.status()).as(response.text()).isEqualTo(502);
                boolean sent = response.text().contains("\"performed\":\"unknown\"");
                assertThat(response.text()).contains("\"performed\":\"" + (sent ? "unknown" : "no") + "\"");
                assertSettled(faulty.fixture, sent ? 1 : 0);
            }
        }
    }
}
