package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What one client may take of the proxy, over real sockets; the moments themselves are the unit tests' matter. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientLimitsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: p\r\n\r\n";

    @Test
    void a_connection_too_many_of_one_source_is_closed_at_once_and_other_sources_are_served() throws IOException {
        try (Fixture fixture = new Fixture(config -> config.maxConnectionsPerSource = 1)) {
            try (RawClient first = fixture.client()) {
                assertThat(first.send(GET).read().status()).isEqualTo(200);
                try (RawClient second = fixture.client()) {
                    assertThat(second.isAtEnd()).isTrue();
                }
                InetAddress elsewhere = InetAddress.getByName("127.0.0.2");
                try (RawClient other = new RawClient(
                        new Socket(InetAddress.getLoopbackAddress(), fixture.proxy.port(), elsewhere, 0))) {
                    assertThat(other.send(GET).read().status()).isEqualTo(200);
                }
                assertThat(first.send(GET).read().status()).isEqualTo(200);
            }
            Fixture.await("the first has left", () -> fixture.proxy.status().clientConnections() == 0);
            assertThat(fixture.call(GET).status()).isEqualTo(200);
        }
    }

    @Test
    void a_body_that_keeps_coming_but_too_slowly_is_408() throws IOException {
        try (Fixture fixture = new Fixture(config -> config.requestIdle = Duration.ofMillis(500));
                RawClient client = fixture.client()) {
            fixture.upstream.script(ScriptedUpstream.Connection::readToEnd);
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 100000\r\n\r\n");
            ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
            drip.scheduleAtFixedRate(() -> sendByte(client), 0, 50, TimeUnit.MILLISECONDS);

            assertThat(client.read().text()).contains("request_timeout");

            drip.shutdownNow();
            assertThat(fixture.ended(0).requestBytes()).isGreaterThan(1);
        }
    }

    private static void sendByte(RawClient client) {
        try {
            client.send("x");
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    @Test
    void a_client_that_stops_taking_its_answer_is_reset_and_its_call_with_it() throws IOException {
        byte[] piece = new byte[1 << 20];
        try (Fixture fixture = new Fixture(config -> config.clientWrite = Duration.ofMillis(300));
                RawClient client = fixture.client()) {
            fixture.upstream.script(connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + 64L * piece.length + "\r\n\r\n");
                for (int i = 0; i < 64; i++) {
                    connection.send(piece);
                }
            });
            client.send(GET);

            assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.ABANDONED);

            Fixture.await(
                    "the upstream's connection has ended",
                    () -> fixture.connections().open() == 0);
            assertThat(fixture.proxy.status().clientConnections()).isZero();
            assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_client_that_does_not_take_the_end_of_its_last_answer_is_reset_too() throws IOException {
        byte[] body = new byte[8 << 20];
        try (Fixture fixture = new Fixture(config -> config.clientWrite = Duration.ofMillis(300));
                RawClient client = fixture.client()) {
            fixture.upstream.script(connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
                connection.send(body);
            });
            client.send("GET / HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");

            Fixture.await(
                    "the client's connection has ended",
                    () -> fixture.upstream.requests().size() == 1
                            && fixture.proxy.status().clientConnections() == 0);
            assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
        }
    }
}
