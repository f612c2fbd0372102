package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.ScriptedUpstream;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies, slow peers, and clients that leave. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class StreamingTest {

    private static final int MIB = 1 << 20;

    private Fixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    @Test
    void an_upload_of_8_mib_arrives_as_it_was_sent() throws IOException {
        byte[] body = noise(8 * MIB);
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .send(body);
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(Arrays.equals(fixture.upstream.requests().get(0).body(), body))
                .isTrue();
        assertThat(fixture.proxy.status().replayMemory()).isZero();
    }

    @Test
    void many_uploads_at_once_each_arrive_as_they_were_sent() throws Exception {
        byte[] body = noise(256 * 1024);
        String head = "POST / HTTP/1.1\r\nHost: p\r\nContent-Length: " + body.length + "\r\n\r\n";
        ExecutorService clients = Executors.newFixedThreadPool(16);
        List<Future<?>> uploads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            uploads.add(clients.submit(() -> {
                try (RawClient client = fixture.client()) {
                    for (int call = 0; call < 40; call++) {
                        client.send(head).send(body);
                        assertThat(client.read().status()).isEqualTo(200);
                    }
                }
                return null;
            }));
        }
        for (Future<?> upload : uploads) {
            upload.get();
        }
        clients.shutdown();
        assertThat(fixture.upstream.requests())
                .hasSize(16 * 40)
                .allMatch(request -> Arrays.equals(request.body(), body));
    }

    @Test
    void an_answer_of_8_mib_arrives_as_it_was_sent() throws IOException {
        byte[] body = noise(8 * MIB);
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
            connection.send(body);
        });
        assertThat(Arrays.equals(
                        fixture.call("GET / HTTP/1.1\r\nHost: p\r\n\r\n").body(), body))
                .isTrue();
    }

    @Test
    void an_upload_into_an_upstream_that_does_not_read_is_held_back() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> {
            config.maxReplayBody = MIB;
            config.maxRequestBody = 1L << 40;
        });
        CountDownLatch read = new CountDownLatch(1);
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            read.await();
            connection.readExactly(64 * MIB);
            connection.send(ScriptedUpstream.OK);
        });
        long before = directMemory();
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: " + 64 * MIB + "\r\n\r\n");
            byte[] piece = noise(MIB);
            Thread uploader = new Thread(() -> {
                try {
                    for (int i = 0; i < 64; i++) {
                        client.send(piece);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            uploader.start();
            Fixture.await(
                    "the upload is stuck",
                    () -> uploader.getState() == Thread.State.RUNNABLE
                            && fixture.proxy.status().replayMemory() == 0
                            && fixture.upstream.requests().size() == 1);
            assertThat(directMemory() - before).isLessThan(24L * MIB);
            read.countDown();
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void an_answer_for_a_client_that_does_not_read_is_held_back() throws IOException {
        long length = 256L * MIB;
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            byte[] piece = noise(MIB);
            for (int i = 0; i < 256; i++) {
                connection.send(piece);
            }
        });
        long before = directMemory();
        try (RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: p\r\n\r\n");
            Fixture.await(
                    "the call is upstream", () -> fixture.upstream.requests().size() == 1);
            // Whoever fills buffers without bound has read far beyond this by the time another call is through.
            try (RawClient other = fixture.client()) {
                other.send("POST /api/o/token/ HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n")
                        .read();
            }
            assertThat(directMemory() - before).isLessThan(24L * MIB);
        }
        assertThat(fixture.ended(1).outcome()).isEqualTo(Outcome.ABANDONED);
    }

    @Test
    void bodies_kept_for_a_second_try_are_charged_by_what_their_buffers_hold() throws IOException {
        CountDownLatch answer = new CountDownLatch(1);
        fixture.upstream.script(connection -> {
            connection.readRequest();
            answer.await();
            connection.send(ScriptedUpstream.OK);
        });
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 1\r\n\r\na");
            Fixture.await(
                    "the call is upstream", () -> fixture.upstream.requests().size() == 1);
            assertThat(fixture.proxy.status().replayMemory()).isGreaterThanOrEqualTo(256);
            answer.countDown();
            client.read();
        }
        assertThat(fixture.proxy.status().replayMemory()).isZero();
    }

    @Test
    void a_client_that_leaves_takes_its_call_with_it_and_its_use_is_spent() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.readToEnd();
            connection.end();
        });
        RawClient client = fixture.client();
        client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n");
        Fixture.await("the call is upstream", () -> fixture.upstream.requests().size() == 1);
        client.reset();

        assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.ABANDONED);
        Fixture.await(
                "the upstream's connection has ended",
                () -> fixture.connections().open() == 0);
        assertThat(fixture.pool().usesTaken()).isEqualTo(1);
    }

    @Test
    void a_head_that_does_not_arrive_in_time_is_408() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.requestHead = Duration.ofMillis(200));
        try (RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHo");
            assertThat(client.read().text()).contains("request_timeout").contains("\"performed\":\"no\"");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_body_that_stops_arriving_is_408() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.requestIdle = Duration.ofMillis(200));
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            connection.readToEnd();
        });
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhe");
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_kept_connection_that_stays_idle_is_closed_without_a_word() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.clientIdle = Duration.ofMillis(200));
        try (RawClient client = fixture.client()) {
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(fixture.calls).isEmpty();
    }

    @Test
    void a_connection_too_many_is_closed_at_once() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.maxConnections = 1);
        try (RawClient first = fixture.client()) {
            first.send("GET / HTTP/1.1\r\nHost: p\r\n\r\n").read();
            try (RawClient second = fixture.client()) {
                assertThat(second.isAtEnd()).isTrue();
            }
            assertThat(first.send("GET / HTTP/1.1\r\nHost: p\r\n\r\n").read().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_call_too_many_is_503_at_once() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.maxRequests = 1);
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.readToEnd();
        });
        try (RawClient first = fixture.client()) {
            first.send("GET / HTTP/1.1\r\nHost: p\r\n\r\n");
            Fixture.await("the first is on", () -> fixture.upstream.requests().size() == 1);
            assertThat(new String(
                            fixture.call("GET / HTTP/1.1\r\nHost: p\r\n\r\n").body(), StandardCharsets.UTF_8))
                    .contains("overloaded");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1\r\nHost: p\r\n\r\n",
                "POST /api/o/token/ HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n"
            })
    void a_head_begun_behind_another_request_has_its_own_time(String first) throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.requestHead = Duration.ofMillis(200));
        try (RawClient client = fixture.client()) {
            assertThat(client.send(first + "GET / HTTP/1.1\r\n").read().status())
                    .isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(408);
        }
    }

    @Test
    void a_head_that_does_not_end_is_answered_with_a_body_even_behind_a_head_request() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.requestHead = Duration.ofMillis(200));
        try (RawClient client = fixture.client()) {
            client.send("HEAD /api/o/token/ HTTP/1.1\r\nHost: p\r\n\r\nGET / HT");
            assertThat(client.readHeadOnly().status()).isEqualTo(405);
            assertThat(client.read().text()).contains("request_timeout");
        }
    }

    @Test
    void an_empty_line_between_requests_begins_none() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> {
            config.requestHead = Duration.ofMillis(100);
            config.clientIdle = Duration.ofMillis(400);
        });
        try (RawClient client = fixture.client()) {
            assertThat(client.send("\r\n").readToEnd()).isEmpty();
        }
    }

    @Test
    void a_client_that_does_not_take_its_answers_gets_no_further_calls_performed() throws IOException {
        byte[] large = noise(MIB / 64);
        fixture.upstream.script(connection -> {
            while (true) {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + large.length + "\r\n\r\n");
                connection.send(large);
            }
        });
        int calls = 3_000;
        try (RawClient client = fixture.client();
                RawClient other = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: p\r\n\r\n".repeat(calls));
            Fixture.await(
                    "calls are upstream", () -> !fixture.upstream.requests().isEmpty());
            for (int i = 0; i < calls; i++) {
                other.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n")
                        .read();
            }
            assertThat(fixture.upstream.requests())
                    .filteredOn(request -> request.requestLine().startsWith("GET"))
                    .hasSizeLessThan(calls / 2);
            for (int i = 0; i < calls; i++) {
                assertThat(client.read().body()).hasSize(large.length);
            }
        }
    }
}
