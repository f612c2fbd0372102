package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.worker.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients and upstreams that end their side while there is something yet to be said: not a byte of it is lost. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class EndedSidesTest {

    private static final int ANSWER = 16 << 20;
    private static final int PIECE = 64 << 10;
    private static final String GET = "GET / HTTP/1.1\r\nHost: p\r\n\r\n";

    /** The proxy answers it itself; there is one event loop, which has seen before it what had happened before it. */
    private static void turnLoop(Fixture fixture) throws IOException {
        for (int i = 0; i < 2; i++) {
            fixture.call("POST /api/o/token/ HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    }

    private static Fixture over(Transport transport) throws IOException {
        assumeTrue(transport.isAvailable());
        return new Fixture(config -> config.transport = transport);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void an_answer_whose_end_is_the_connections_end_reaches_a_slow_client_whole(Transport transport)
            throws IOException {
        byte[] body = new byte[ANSWER];
        new Random(8).nextBytes(body);
        try (Fixture fixture = over(transport)) {
            fixture.upstream.script(connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\n\r\n");
                connection.send(body);
            });
            try (Socket client = client(fixture)) {
                assertThat(readSlowly(fixture, client)).isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void a_large_answer_reaches_whole_a_client_that_has_ended_its_side(Transport transport) throws IOException {
        byte[] body = new byte[ANSWER];
        new Random(7).nextBytes(body);
        CountDownLatch answer = new CountDownLatch(1);
        try (Fixture fixture = over(transport)) {
            fixture.upstream.script(connection -> {
                connection.readRequest();
                answer.await();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + ANSWER + "\r\n\r\n");
                connection.send(body);
            });
            try (Socket client = client(fixture)) {
                Fixture.await(
                        "the request is there",
                        () -> fixture.upstream.requests().size() == 1);
                client.shutdownOutput();
                turnLoop(fixture);
                answer.countDown();
                assertThat(readSlowly(fixture, client)).isEqualTo(body);
            }
        }
    }

    /** Whose request is sent; with HTTP/1.0, so that the body comes without chunks. */
    private static Socket client(Fixture fixture) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), fixture.proxy.port());
        client.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static byte[] readSlowly(Fixture fixture, Socket client) throws IOException {
        InputStream in = client.getInputStream();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = in.readNBytes(PIECE);
        while (piece.length > 0) {
            all.write(piece);
            turnLoop(fixture);
            piece = in.readNBytes(PIECE);
        }
        return behindHead(all.toByteArray());
    }

    private static byte[] behindHead(byte[] message) {
        int end = new String(message, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
        return Arrays.copyOfRange(message, end + 4, message.length);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void requests_that_are_held_back_are_all_answered_though_their_client_has_ended_its_side(Transport transport)
            throws IOException {
        int requests = 60;
        CountDownLatch answer = new CountDownLatch(1);
        try (Fixture fixture = over(transport);
                RawClient client = fixture.client()) {
            fixture.upstream.script(connection -> {
                while (true) {
                    connection.readRequest();
                    answer.await();
                    connection.send(ScriptedUpstream.OK);
                }
            });
            client.send(GET.repeat(requests));
            Fixture.await(
                    "the first request is there",
                    () -> fixture.upstream.requests().size() == 1);
            turnLoop(fixture);
            client.shutOutput();
            turnLoop(fixture);

            answer.countDown();

            for (int i = 0; i < requests; i++) {
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(client.isAtEnd()).isTrue();
        }
    }
}
