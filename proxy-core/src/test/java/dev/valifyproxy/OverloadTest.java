package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord;
import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.testing.TestConfig;
import dev.valifyproxy.token.MintOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls past a limit are refused at once; those in progress do not notice. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OverloadTest {

    private static final int ALLOWED = 2;
    private static final String GET = "GET /held HTTP/1.1\r\nHost: p\r\n\r\n";
    private static final String POST = "POST /more HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello";

    /** What the calls in progress use up, of which there is as much as is allowed. */
    private enum Limit {
        MAX_REQUESTS {
            @Override
            void set(TestConfig config) {
                config.maxRequests = ALLOWED;
            }
        },
        UPSTREAM_MAX_CONNECTIONS {
            @Override
            void set(TestConfig config) {
                config.maxUpstreamConnections = ALLOWED;
            }
        },
        /** Here the calls in progress are those that wait. */
        TOKEN_MAX_WAITERS {
            @Override
            void set(TestConfig config) {
                config.maxWaiters = ALLOWED;
            }
        };

        abstract void set(TestConfig config);
    }

    /** A proxy whose limit is used up by calls that go on when they are let go. */
    private static final class Busy implements AutoCloseable {

        final Fixture fixture;
        final List<RawClient> held = new ArrayList<>();
        private final CountDownLatch answers = new CountDownLatch(1);
        private final CompletableFuture<MintOutcome> mint = new CompletableFuture<>();

        Busy(Limit limit) throws IOException {
            boolean waiting = limit == Limit.TOKEN_MAX_WAITERS;
            fixture = new Fixture(limit::set, source -> {
                if (waiting) {
                    source.answer(() -> mint);
                }
            });
            fixture.upstream.script(connection -> {
                while (true) {
                    connection.readRequest();
                    answers.await();
                    connection.send(ScriptedUpstream.OK);
                }
            });
            for (int i = 0; i < ALLOWED; i++) {
                held.add(fixture.client().send(GET));
            }
            Fixture.await(
                    "the calls are held",
                    () -> (waiting
                                    ? fixture.pool().waiters()
                                    : fixture.upstream.requests().size())
                            == ALLOWED);
        }

        void letGo() {
            answers.countDown();
            fixture.source.answer(fixture.source::token);
            fixture.source.token().thenAccept(mint::complete);
        }

        @Override
        public void close() throws IOException {
            for (RawClient client : held) {
                client.close();
            }
            fixture.close();
        }
    }

    private static void assertOverloaded(Response response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.text()).contains("\"proxy_error\":\"overloaded\"").contains("\"performed\":\"no\"");
        assertThat(response.field("Retry-After"))
                .singleElement()
                .satisfies(seconds -> assertThat(Integer.parseInt(seconds)).isPositive());
    }

    @ParameterizedTest
    @EnumSource(Limit.class)
    void calls_too_many_are_503_while_those_in_progress_are_held_and_then_finish(Limit limit) throws IOException {
        try (Busy busy = new Busy(limit);
                RawClient refused = busy.fixture.client()) {
            for (int i = 0; i < 3; i++) {
                assertOverloaded(refused.send(GET).read());
                assertOverloaded(refused.send(POST).read());
            }
            assertThat(busy.fixture.proxy.status().callsInProgress()).isEqualTo(ALLOWED);

            busy.letGo();

            for (RawClient client : busy.held) {
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(busy.fixture.upstream.requests())
                    .hasSize(ALLOWED)
                    .allMatch(request -> request.requestLine().startsWith("GET /held "));
            assertThat(busy.fixture.pool().usesTaken()).isEqualTo(ALLOWED);
            busy.fixture.ended(3 * 2 + ALLOWED - 1);
            assertThat(busy.fixture.calls)
                    .filteredOn(call -> call.outcome() == Outcome.FAILED)
                    .hasSize(3 * 2)
                    .extracting(CallRecord::error)
                    .containsOnly(ProxyError.OVERLOADED);
        }
    }

    @ParameterizedTest
    @EnumSource(Limit.class)
    void a_refused_client_is_served_on_the_same_connection_once_there_is_room(Limit limit) throws IOException {
        try (Busy busy = new Busy(limit);
                RawClient refused = busy.fixture.client()) {
            assertOverloaded(refused.send(POST).read());

            busy.letGo();
            for (RawClient client : busy.held) {
                client.read();
            }

            assertThat(refused.send(POST).read().status()).isEqualTo(200);
            assertThat(busy.fixture.upstream.requests().get(ALLOWED).text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource(Limit.class)
    void calls_behind_a_refused_one_are_answered_in_their_turn(Limit limit) throws IOException {
        try (Busy busy = new Busy(limit);
                RawClient refused = busy.fixture.client()) {
            refused.send(POST + GET + POST);
            for (int i = 0; i < 3; i++) {
                assertOverloaded(refused.read());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Limit.class,
            names = {"MAX_REQUESTS", "UPSTREAM_MAX_CONNECTIONS"})
    void an_upload_too_many_is_refused_before_it_is_sent(Limit limit) throws IOException {
        try (Busy busy = new Busy(limit);
                RawClient large = busy.fixture.client();
                RawClient asking = busy.fixture.client()) {
            assertOverloaded(large.send("POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 1000000\r\n\r\n")
                    .read());
            assertThat(large.isAtEnd()).isTrue();

            assertOverloaded(
                    asking.send("POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
                            .read());
            assertThat(asking.isAtEnd()).isTrue();
        }
    }
}
