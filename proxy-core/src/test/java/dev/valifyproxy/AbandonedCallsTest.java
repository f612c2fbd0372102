package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.testing.BlackHole;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.ScriptedEgressProxy;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.testing.ScriptedUpstream.Script;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that leave, at each stage of their calls; those that leave while a token is awaited are in {@link TokenWaitTest}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class AbandonedCallsTest {

    private static final String POST = "POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello";
    private static final int LARGE = 8 << 20;

    /** How a client leaves. */
    enum Leaving {
        IN_ORDER {
            @Override
            void leave(RawClient client) throws IOException {
                client.close();
            }
        },
        BY_A_RESET {
            @Override
            void leave(RawClient client) throws IOException {
                client.reset();
            }
        };

        abstract void leave(RawClient client) throws IOException;
    }

    private static void assertNothingIsLeft(Fixture fixture, int usesTaken) {
        assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.ABANDONED);
        Fixture.await("no connection is left", () -> fixture.connections().open() == 0);
        assertThat(fixture.pool().usesTaken()).isEqualTo(usesTaken);
        assertThat(fixture.proxy.status().replayMemory()).isZero();
        assertThat(fixture.proxy.status().callsInProgress()).isZero();
        Fixture.await("no client is left", () -> fixture.proxy.status().clientConnections() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void while_it_is_connecting_nothing_is_sent_and_no_use_is_spent(Leaving how) throws IOException {
        try (BlackHole hole = new BlackHole();
                Fixture fixture = new Fixture(config -> {
                    config.upstream = URI.create("http://127.0.0.1:" + hole.port());
                    config.connect = Duration.ofMillis(500);
                })) {
            RawClient client = fixture.client();
            client.send(POST);
            Fixture.await("it connects", () -> fixture.connections().open() == 1);
            how.leave(client);

            assertNothingIsLeft(fixture, 0);
        }
    }

    @Test
    void a_connection_that_comes_too_late_serves_the_next_call() throws IOException {
        CountDownLatch left = new CountDownLatch(1);
        try (ScriptedEgressProxy egress = new ScriptedEgressProxy();
                ScriptedUpstream upstream = new ScriptedUpstream(ScriptedUpstream.answering(ScriptedUpstream.OK));
                Fixture fixture = new Fixture(config -> {
                    config.upstream = URI.create("http://valify.invalid:" + upstream.port());
                    config.proxy = new EgressProxy("127.0.0.1", egress.port(), null);
                })) {
            egress.script(connection -> {
                Fixture.await("the client has left", () -> left.getCount() == 0);
                connection.tunnel();
            });
            try (RawClient client = fixture.client()) {
                client.send(POST);
                Fixture.await("it connects", () -> egress.heads().size() == 1);
            }
            assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.ABANDONED);
            left.countDown();
            Fixture.await("it stands", () -> fixture.connections().idle() == 1);

            assertThat(fixture.call(POST).status()).isEqualTo(200);
            assertThat(fixture.connections().opened()).isEqualTo(1);
            assertThat(upstream.requests()).hasSize(1);
            assertThat(fixture.pool().usesTaken()).isEqualTo(1);
        }
    }

    /** Leaves once the upstream has come this far with its call, and waits until the upstream has met the end of it. */
    private static void leaveAt(Leaving how, String request, Script upTo) throws IOException {
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (Fixture fixture = new Fixture()) {
            fixture.upstream.script(connection -> {
                upTo.run(connection);
                there.countDown();
                try {
                    connection.readToEnd();
                } finally {
                    over.countDown();
                }
            });
            RawClient client = fixture.client();
            client.send(request);
            Fixture.await("the upstream is there", () -> there.getCount() == 0);
            how.leave(client);

            Fixture.await("the upstream knows", () -> over.getCount() == 0);
            assertNothingIsLeft(fixture, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void while_it_uploads_the_request_upstream_is_broken_off(Leaving how) throws IOException {
        String half = POST.replace("5\r\n", LARGE + "\r\n") + "x".repeat(LARGE / 2);
        leaveAt(how, half, connection -> {
            connection.readHeadOnly();
            connection.readExactly(LARGE / 4);
        });
    }

    /** One that has ended its side in order may still read (RFC 9112 §9.6): only a reset tells that it has left. */
    @Test
    void while_its_answer_is_awaited_the_request_upstream_is_broken_off() throws IOException {
        leaveAt(Leaving.BY_A_RESET, POST, ScriptedUpstream.Connection::readRequest);
    }

    @ParameterizedTest
    @EnumSource
    void in_the_middle_of_its_answer_the_rest_is_not_taken(Leaving how) throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (Fixture fixture = new Fixture()) {
            fixture.upstream.script(connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + (1L << 40) + "\r\n\r\n");
                byte[] piece = new byte[1 << 16];
                try {
                    while (true) {
                        connection.send(piece);
                    }
                } finally {
                    over.countDown();
                }
            });
            RawClient client = fixture.client();
            assertThat(client.send(POST).readHeadOnly().status()).isEqualTo(200);
            how.leave(client);

            Fixture.await("the upstream knows", () -> over.getCount() == 0);
            assertNothingIsLeft(fixture, 1);
        }
    }

    @Test
    void a_client_that_ends_its_side_within_its_upload_has_left() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (Fixture fixture = new Fixture();
                RawClient client = fixture.client()) {
            fixture.upstream.script(connection -> {
                connection.readHeadOnly();
                connection.readToEnd();
                over.countDown();
            });
            client.send(POST.replace("hello", "he"));
            Fixture.await("it is on", () -> fixture.upstream.requests().size() == 1);
            client.shutOutput();

            assertThat(client.isAtEnd()).isTrue();
            Fixture.await("the upstream knows", () -> over.getCount() == 0);
            assertNothingIsLeft(fixture, 1);
        }
    }
}
