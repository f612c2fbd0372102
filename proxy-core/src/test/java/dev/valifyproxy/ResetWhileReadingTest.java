package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.valifyproxy.exchange.CallRecord;
import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.worker.Transport;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reset that comes right behind bytes: the transport must tell of both, not only of the bytes. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ResetWhileReadingTest {

    private static final int CALLS = 50;
    private static final String POST = "POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello";
    private static final String HALF_AN_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\"";

    @ParameterizedTest
    @EnumSource(Transport.class)
    void an_answer_that_is_reset_in_its_middle_ends_at_once_and_not_by_a_timeout(Transport transport)
            throws IOException {
        assumeTrue(transport.isAvailable());
        try (Fixture fixture = new Fixture(config -> {
            config.transport = transport;
            config.responseIdle = Duration.ofSeconds(3);
        })) {
            fixture.upstream.script(connection -> {
                connection.readRequest();
                connection.send(HALF_AN_ANSWER);
                connection.reset();
            });
            for (int i = 0; i < CALLS; i++) {
                try (RawClient client = fixture.client()) {
                    client.send(POST).readToEnd();
                }
            }
            fixture.ended(CALLS - 1);
            assertThat(fixture.calls).extracting(CallRecord::error).containsOnly(ProxyError.UPSTREAM_RESET);
            assertThat(fixture.calls).extracting(CallRecord::outcome).isSubsetOf(Outcome.TRUNCATED, Outcome.FAILED);
        }
    }
}
