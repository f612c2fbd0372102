package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.listener.BindFailure;
import dev.valifyproxy.testing.CountingSource;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.testing.TestConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** How a proxy begins and ends. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DrainTest {

    private static final String GET = "GET /x HTTP/1.1\r\nHost: p\r\n\r\n";

    private static CompletableFuture<Void> drain(Fixture fixture, Duration patience) {
        return drain(fixture, patience, ForkJoinPool.commonPool());
    }

    private static CompletableFuture<Void> drain(Fixture fixture, Duration patience, Executor executor) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        fixture.proxy.drain(patience);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                executor);
    }

    /** A drain of which it is known that every connection has been told. */
    private static CompletableFuture<Void> drainThatAllKnowOf(Fixture fixture) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        CompletableFuture<Void> drained = drain(fixture, Duration.ofSeconds(20), task -> {
            thread.set(new Thread(task, "drain"));
            thread.get().start();
        });
        Fixture.await("it waits for the connections' end", () -> thread.get().getState() == Thread.State.TIMED_WAITING);
        return drained;
    }

    @Test
    void a_call_in_progress_finishes_and_its_connection_ends_with_it() throws IOException {
        CountDownLatch answer = new CountDownLatch(1);
        try (Fixture fixture = new Fixture();
                RawClient client = fixture.client();
                RawClient idle = fixture.client()) {
            fixture.upstream.script(connection -> {
                connection.readRequest();
                answer.await();
                connection.send(ScriptedUpstream.OK);
            });
            client.send(GET);
            Fixture.await(
                    "the call is upstream", () -> fixture.upstream.requests().size() == 1);

            CompletableFuture<Void> drained = drainThatAllKnowOf(fixture);

            assertThat(idle.isAtEnd()).isTrue();
            assertThat(fixture.proxy.readiness().ready()).isFalse();
            assertThat(drained).isNotDone();
            answer.countDown();
            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.field("Connection")).containsExactly("close");
            assertThat(client.isAtEnd()).isTrue();
            assertThat(drained).succeedsWithin(Duration.ofSeconds(20));
            Assertions.assertThatThrownBy(fixture::client).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void a_call_past_the_drains_time_is_answered_503() throws IOException {
        try (Fixture fixture = new Fixture();
                RawClient client = fixture.client()) {
            fixture.upstream.script(connection -> {
                connection.readRequest();
                connection.readToEnd();
            });
            client.send(GET);
            Fixture.await(
                    "the call is upstream", () -> fixture.upstream.requests().size() == 1);

            CompletableFuture<Void> drained = drain(fixture, Duration.ofMillis(100));

            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.text()).contains("\"proxy_error\":\"draining\"").contains("\"performed\":\"unknown\"");
            assertThat(drained).succeedsWithin(Duration.ofSeconds(20));
            assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @Test
    void during_the_drains_delay_everything_is_served_as_before() throws IOException {
        try (Fixture fixture = new Fixture(config -> config.drainDelay = Duration.ofSeconds(1))) {
            CompletableFuture<Void> drained = drain(fixture, Duration.ofSeconds(20));
            Fixture.await("readiness is gone", () -> !fixture.proxy.readiness().ready());

            assertThat(fixture.call(GET).field("Connection")).isEmpty();
            assertThat(drained).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void a_request_whose_head_has_begun_is_still_served() throws IOException {
        try (Fixture fixture = new Fixture();
                RawClient client = fixture.client();
                RawClient idle = fixture.client()) {
            client.send(GET.substring(0, 7));
            // The loop has read that once it has served another call.
            fixture.call(GET);

            CompletableFuture<Void> drained = drain(fixture, Duration.ofSeconds(20));

            assertThat(idle.isAtEnd()).isTrue();
            RawClient.Response response = client.send(GET.substring(7)).read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.field("Connection")).containsExactly("close");
            assertThat(client.isAtEnd()).isTrue();
            client.close();
            assertThat(drained).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void an_idle_proxy_drains_at_once() throws Exception {
        try (Fixture fixture = new Fixture()) {
            fixture.proxy.drain(Duration.ofMinutes(10));
            assertThat(fixture.proxy.status().clientConnections()).isZero();
        }
    }

    @Test
    void a_port_that_is_taken_is_said_in_one_sentence_and_leaves_nothing_running() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedUpstream upstream = new ScriptedUpstream(connection -> {})) {
            TestConfig config = new TestConfig(upstream.uri());
            config.port = taken.getLocalPort();
            Assertions.assertThatThrownBy(() -> Proxy.builder(config.build())
                            .tokenSource("default", new CountingSource())
                            .start())
                    .isInstanceOf(BindFailure.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + " (server.bind, server.port): address already in use");
        }
    }

    @Test
    void a_proxy_is_live_while_its_loops_turn() throws IOException {
        try (Fixture fixture = new Fixture()) {
            assertThat(fixture.proxy.isLive()).isTrue();
            assertThat(fixture.proxy.isLive()).isTrue();
        }
    }
}
