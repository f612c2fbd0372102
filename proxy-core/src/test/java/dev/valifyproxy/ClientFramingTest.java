package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's side of HTTP/1.1: versions, methods, interim answers, and requests that are refused. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class ClientFramingTest {

    private static final String GET = "GET /x HTTP/1.1\r\nHost: p\r\n\r\n";

    private Fixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new Fixture(config -> {
            config.maxRequestLine = 1_000;
            config.maxHead = 4_000;
            config.maxHeaders = 20;
            config.maxRequestBody = 1_000;
        });
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void a_malformed_chunk_is_400_and_the_upstream_never_sees_an_end() throws IOException {
        StringBuilder seen = new StringBuilder();
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            seen.append(new String(connection.readToEnd(), StandardCharsets.ISO_8859_1));
            connection.end();
        });
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            Fixture.await(
                    "the head is upstream", () -> fixture.upstream.requests().size() == 1);
            assertThat(client.send("xyz\r\n").read().status()).isEqualTo(400);
        }
        Fixture.await(
                "the upstream's connection ended", () -> fixture.connections().open() == 0);
        assertThat(seen.toString()).doesNotContain("0\r\n\r\n");
    }

    @Test
    void head_gets_the_head_alone_and_the_connection_stays() throws IOException {
        fixture.upstream.script(connection -> {
            while (true) {
                String line = connection.readRequest().requestLine();
                connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + (line.startsWith("HEAD") ? "" : "hello"));
            }
        });
        try (RawClient client = fixture.client()) {
            Response head = client.send("HEAD /x HTTP/1.1\r\nHost: p\r\n\r\n").readHeadOnly();
            assertThat(head.field("Content-Length")).containsExactly("5");
            assertThat(client.send(GET).read().text()).isEqualTo("hello");
        }
        assertThat(fixture.upstream.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void answers_without_a_body_stay_without(String status) throws IOException {
        fixture.upstream.script(ScriptedUpstream.answering("HTTP/1.1 " + status + "\r\nETag: x\r\n\r\n"));
        try (RawClient client = fixture.client()) {
            Response response = client.send(GET).readHeadOnly();
            assertThat(response.head()).doesNotContainIgnoringCase("transfer-encoding");
            assertThat(client.send(GET).readHeadOnly().head()).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void interim_answers_reach_an_http_1_1_client_and_no_http_1_0_client() throws IOException {
        fixture.upstream.script(
                ScriptedUpstream.answering("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ScriptedUpstream.OK));
        try (RawClient client = fixture.client()) {
            client.send(GET);
            Response hints = client.read();
            assertThat(hints.status()).isEqualTo(103);
            assertThat(hints.field("Link")).containsExactly("</a>");
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(fixture.call("GET / HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
    }

    @Test
    void the_upstreams_100_is_relayed_before_the_body_is_sent() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(connection.readExactly(5)).asString().isEqualTo("hello");
            connection.send(ScriptedUpstream.OK);
        });
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("hello").read().status()).isEqualTo(200);
        }
        assertThat(fixture.upstream.requests().get(0).field("Expect")).containsExactly("100-continue");
    }

    @Test
    void a_client_that_waits_for_a_100_gets_ours_when_the_upstream_sends_none() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("hello").read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_final_answer_before_the_upload_ends_is_relayed_and_the_connection_ends() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            connection.readToEnd();
        });
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 500\r\n\r\nhello");
            Response response = client.read();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.text()).isEqualTo("no");
            assertThat(response.field("Connection")).containsExactly("close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_client_that_ends_its_side_after_its_call_went_out_still_gets_the_answer() throws IOException {
        CountDownLatch shut = new CountDownLatch(1);
        fixture.upstream.script(connection -> {
            connection.readRequest();
            shut.await();
            connection.send(ScriptedUpstream.OK);
        });
        try (RawClient client = fixture.client()) {
            client.send(GET);
            Fixture.await(
                    "the call is upstream", () -> fixture.upstream.requests().size() == 1);
            client.shutOutput();
            shut.countDown();
            assertThat(client.read().text()).isEqualTo("{\"ok\":true}");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void an_endless_chunk_extension_is_400() throws IOException {
        Response response =
                fixture.call("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + "e".repeat(2_000));
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.text()).contains("bad_request");
    }

    @Test
    void a_client_that_awaits_its_100_is_not_the_one_who_is_late() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.requestIdle = Duration.ofMillis(300));
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.readHeadOnly().status()).isEqualTo(100);
            assertThat(client.read().status()).isEqualTo(408);
        }
    }
}
