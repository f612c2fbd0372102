package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.Fault;
import dev.valifyproxy.testing.FaultFixture;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.JavaClient;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.ScriptedUpstream.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that send a POST again by themselves when their connection ends without an answer. Whatever goes wrong behind the proxy, they
 * have no occasion to.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RepeatingClientsTest {

    private static final byte[] BODY = {'h', 'e', 'l', 'l', 'o'};

    static Stream<Arguments> faultsAndClients() {
        return Arrays.stream(Fault.values())
                .flatMap(fault -> Arrays.stream(JavaClient.Kind.values())
                        .flatMap(client -> Stream.of(true, false).map(kept -> Arguments.of(fault, client, kept))));
    }

    @ParameterizedTest(name = "{0}, {1}, on a connection kept: {2}")
    @MethodSource("faultsAndClients")
    void a_client_asks_once_and_the_upstream_sees_it_once_at_the_most(Fault fault, JavaClient.Kind kind, boolean kept)
            throws Exception {
        try (FaultFixture faulty = new FaultFixture(fault);
                JavaClient client = kind.open()) {
            Fixture fixture = faulty.fixture;
            if (kept) {
                assertThat(client.post(fixture.proxy.uri().resolve("/api/o/token/"), BODY, () -> {}))
                        .isEqualTo(200);
            }
            assertThat(fixture.proxy.status().clientConnections()).isEqualTo(kept ? 1 : 0);

            int status = client.post(fixture.proxy.uri().resolve("/x"), fault.body(), faulty::headReceived);

            assertThat(status)
                    .isEqualTo(
                            fault.told().status() == 200
                                    ? JavaClient.BROKEN
                                    : fault.told().status());
            Fixture.await("the call has ended", () -> fixture.proxy.status().callsInProgress() == 0);
            assertThat(fixture.calls).hasSize(kept ? 2 : 1);
            assertThat(fixture.upstream.requests()).hasSizeLessThanOrEqualTo(fault.isSent() ? 1 : 0);
        }
    }

    /** A connection that is closed while its client sends: the client may send again, as nothing was forwarded. */
    @ParameterizedTest
    @EnumSource(JavaClient.Kind.class)
    void a_call_that_meets_the_end_of_its_idle_connection_is_performed_once_or_not_at_all(JavaClient.Kind kind)
            throws IOException {
        Random chance = new Random(7);
        try (Fixture fixture = new Fixture(config -> config.clientIdle = Duration.ofMillis(100));
                JavaClient client = kind.open()) {
            for (int call = 0; call < 25; call++) {
                String path = "/" + call;
                Fixture.await("it is idle", Fixture.elapsed(Duration.ofMillis(90 + chance.nextInt(70))));
                int status = client.post(fixture.proxy.uri().resolve(path), BODY, () -> {});
                List<Received> seen = fixture.upstream.requests().stream()
                        .filter(request -> request.requestLine().equals("POST " + path + " HTTP/1.1"))
                        .toList();
                assertThat(seen).hasSize(status == 200 ? 1 : 0);
            }
        }
    }

    @Test
    void what_is_sent_on_a_connection_that_the_proxy_has_closed_goes_nowhere() throws IOException {
        try (Fixture fixture = new Fixture(config -> config.clientIdle = Duration.ofMillis(100));
                RawClient client = fixture.client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: p\r\n\r\n").read();
            Fixture.await(
                    "the idle connection is closed",
                    () -> fixture.proxy.status().clientConnections() == 0);
            client.send("POST /2 HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello");
            fixture.call("GET /3 HTTP/1.1\r\nHost: p\r\n\r\n");

            assertThat(fixture.calls).hasSize(2);
            assertThat(fixture.upstream.requests())
                    .extracting(Received::requestLine)
                    .containsExactly("GET /1 HTTP/1.1", "GET /3 HTTP/1.1");
        }
    }
}
