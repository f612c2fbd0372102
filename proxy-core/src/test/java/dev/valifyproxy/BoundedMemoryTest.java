package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.ProxyProcess;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.testing.ScriptedUpstream.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * What clients and upstream can make the proxy hold, seen from outside its process, which has the JVM's flags that it is shipped with: a
 * heap of 128 MiB, 160 MiB of direct buffers, 32 MiB of code.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BoundedMemoryTest {

    private static final int MIB = 1 << 20;

    /** What the three add up to; none of them is full when what is beside them, such as classes and stacks, is counted in. */
    private static final long BOUND = 320L * MIB;

    private static final String GET = "GET / HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";
    private static final int PIECE = 1 << 16;
    private static final int CHUNKS = 50_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ScriptedUpstream upstream;
    private ProxyProcess proxy;

    @BeforeEach
    void start() throws IOException {
        upstream = new ScriptedUpstream(ScriptedUpstream.answering(ScriptedUpstream.OK));
        proxy = new ProxyProcess(upstream.uri());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        upstream.close();
        threads.shutdownNow();
    }

    private <T> List<T> atOnce(int count, Callable<T> task) throws Exception {
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            running.add(threads.submit(task));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> each : running) {
            results.add(each.get());
        }
        return results;
    }

    private void assertBounded() throws IOException {
        assertThat(proxy.isAlive()).isTrue();
        assertThat(proxy.peakMemory()).isLessThan(BOUND);
    }

    @Test
    void with_64_uploads_of_8_mib_at_once() throws Exception {
        int uploads = 64;
        byte[] body = new byte[8 * MIB];
        new Random(7).nextBytes(body);
        CRC32 sent = new CRC32();
        sent.update(body);
        CountDownLatch allAreOn = new CountDownLatch(uploads);
        upstream.script(connection -> {
            connection.readHeadOnly();
            allAreOn.countDown();
            allAreOn.await();
            boolean whole = checksum(connection, body.length) == sent.getValue();
            connection.send(whole ? ScriptedUpstream.OK : "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        });

        List<Integer> statuses = atOnce(uploads, () -> {
            try (RawClient client = proxy.client()) {
                client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: " + body.length + "\r\n\r\n");
                return client.send(body).read().status();
            }
        });

        assertThat(statuses).hasSize(uploads).containsOnly(200);
        assertThat(upstream.requests()).hasSize(uploads);
        assertBounded();
    }

    /** Lets go of what it reads. */
    private static long checksum(Connection connection, int length) throws IOException {
        CRC32 received = new CRC32();
        for (int left = length; left > 0; left -= PIECE) {
            received.update(connection.readExactly(Math.min(PIECE, left)));
            connection.takeRead();
        }
        return received.getValue();
    }

    @Test
    void with_answers_of_64_mib_for_clients_that_do_not_read_and_then_do() throws Exception {
        int readers = 8;
        long length = 64L * MIB;
        AtomicLong sent = new AtomicLong();
        upstream.script(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            byte[] piece = new byte[PIECE];
            for (long left = length; left > 0; left -= PIECE) {
                connection.send(piece);
                sent.addAndGet(PIECE);
            }
        });
        CountDownLatch read = new CountDownLatch(1);
        List<Future<Long>> answers = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            answers.add(threads.submit(() -> {
                try (Socket client = proxy.connect()) {
                    client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
                    read.await();
                    return bodyLength(client.getInputStream());
                }
            }));
        }
        awaitStandstill(sent);
        assertThat(sent.get()).isLessThan(readers * length / 2);
        assertBounded();

        read.countDown();
        for (Future<Long> answer : answers) {
            assertThat(answer.get()).isEqualTo(length);
        }
        assertBounded();
    }

    /** Until nothing more is sent while the proxy serves many other calls. */
    private void awaitStandstill(AtomicLong sent) throws IOException {
        try (RawClient other = proxy.client()) {
            long before = -1;
            while (sent.get() == 0 || sent.get() != before) {
                before = sent.get();
                for (int i = 0; i < 200; i++) {
                    other.send("POST /api/o/token/ HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n")
                            .read();
                }
            }
        }
    }

    private static long bodyLength(InputStream in) throws IOException {
        int ends = 0;
        while (ends < 4) {
            ends = in.read() == "\r\n\r\n".charAt(ends) ? ends + 1 : 0;
        }
        byte[] piece = new byte[PIECE];
        long length = 0;
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            length += n;
        }
        return length;
    }

    @Test
    void with_bodies_in_chunks_of_one_byte() throws Exception {
        byte[] body = ("POST / HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\na\r\n".repeat(CHUNKS)
                        + "0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);

        List<Integer> statuses = atOnce(8, () -> {
            try (RawClient client = proxy.client()) {
                return client.send(body).read().status();
            }
        });

        assertThat(statuses).hasSize(8).containsOnly(200);
        assertThat(upstream.requests()).hasSize(8).allMatch(request -> request.body().length == CHUNKS);
        assertBounded();
    }

    @Test
    void with_chunks_of_one_byte_behind_long_extensions_which_are_refused() throws Exception {
        String chunk = "1;" + "x".repeat(200) + "\r\na\r\n";
        byte[] body = ("POST / HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5_000))
                .getBytes(StandardCharsets.US_ASCII);

        List<Integer> statuses = atOnce(16, () -> {
            try (RawClient client = proxy.client()) {
                return client.send(body).read().status();
            }
        });

        assertThat(statuses).hasSize(16).containsOnly(400);
        assertThat(upstream.requests()).isEmpty();
        assertBounded();
    }
}
