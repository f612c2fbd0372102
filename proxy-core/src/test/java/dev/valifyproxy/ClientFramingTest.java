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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's side of HTTP/1.1: versions, methods, interim answers, and requests that are refused. */
@DisplayNameGeneration(ReplaceUnderscores.class)
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

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("no Host (RFC 9112 §3.2)", 400, "bad_request", "GET / HTTP/1.1\r\n\r\n"),
                Arguments.of("two Hosts", 400, "bad_request", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                Arguments.of(
                        "two Hosts in HTTP/1.0", 400, "bad_request", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
                Arguments.of("a Host that is none", 400, "bad_request", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                Arguments.of("an empty Host", 400, "bad_request", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                Arguments.of(
                        "both lengths (RFC 9112 §6.3)",
                        400,
                        "bad_request",
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "two different lengths",
                        400,
                        "bad_request",
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
                Arguments.of(
                        "a signed length",
                        400,
                        "bad_request",
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc"),
                Arguments.of(
                        "space before the colon", 400, "bad_request", "GET / HTTP/1.1\r\nHost: a\r\nX-A : b\r\n\r\n"),
                Arguments.of(
                        "a NUL in a value", 400, "bad_request", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\u0000\r\n\r\n"),
                Arguments.of(
                        "two spaces in the request line", 400, "bad_request", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("two spaces behind the target", 400, "bad_request", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("a tab in the request line", 400, "bad_request", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("HTTP in small letters", 400, "bad_request", "GET / http/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("a bare line feed", 400, "bad_request", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                Arguments.of("a fragment", 400, "bad_request", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("asterisk for GET", 400, "bad_request", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("no HTTP at all", 400, "bad_request", "\u0016\u0003\u0001\u0002\r\n\r\n"),
                Arguments.of(
                        "chunked in HTTP/1.0",
                        400,
                        "bad_request",
                        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("CONNECT", 501, "not_supported", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("TRACE", 501, "not_supported", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(
                        "an unknown coding",
                        501,
                        "not_supported",
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("HTTP/2", 505, "not_supported", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                Arguments.of("HTTP/3.0", 505, "not_supported", "GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
                Arguments.of(
                        "a long target",
                        414,
                        "uri_too_long",
                        "GET /" + "a".repeat(1_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(
                        "a large head",
                        431,
                        "head_too_large",
                        "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(4_000) + "\r\n\r\n"),
                Arguments.of(
                        "too many fields",
                        431,
                        "head_too_large",
                        "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(20) + "\r\n"),
                Arguments.of(
                        "a long body by its length",
                        413,
                        "body_too_large",
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void a_request_is_refused_and_the_connection_ends(String why, int status, String code, String request)
            throws IOException {
        try (RawClient client = fixture.client()) {
            Response response = client.send(request + GET).read();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.text())
                    .contains("\"proxy_error\":\"" + code + "\"")
                    .contains("\"performed\":\"no\"");
            assertThat(response.field("Connection")).containsExactly("close");
            assertThat(response.field("Proxy-Status")).containsExactly("valify-proxy; error=http_request_error");
            assertThat(client.isAtEnd()).isTrue();
        }
        assertThat(fixture.upstream.requests()).isEmpty();
    }

    @Test
    void a_chunked_body_past_the_limit_is_413() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            connection.readToEnd();
        });
        String chunk = "200\r\n" + "a".repeat(0x200) + "\r\n";
        Response response =
                fixture.call("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk);
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).contains("body_too_large");
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

    @Test
    void a_refused_head_gets_no_body() throws IOException {
        try (RawClient client = fixture.client()) {
            String all = client.send("HEAD /x HTTP/1.1\r\n\r\n").readToEnd();
            assertThat(all).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
        }
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
    void an_http_1_0_client_gets_an_unchunked_body_and_the_end_of_the_connection() throws IOException {
        fixture.upstream.script(ScriptedUpstream.answering(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
        try (RawClient client = fixture.client()) {
            String all = client.send("GET /x HTTP/1.0\r\n\r\n").readToEnd();
            assertThat(all)
                    .contains("\r\nconnection: close\r\n")
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .endsWith("\r\n\r\nhello");
        }
        assertThat(fixture.upstream.requests().get(0).requestLine()).isEqualTo("GET /x HTTP/1.1");
    }

    @Test
    void an_http_1_0_client_that_asks_for_it_keeps_its_connection() throws IOException {
        try (RawClient client = fixture.client()) {
            String request = "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
            assertThat(client.send(request).read().field("Connection")).containsExactly("keep-alive");
            assertThat(client.send(request).read().status()).isEqualTo(200);
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
    void trailers_pass_save_those_that_frame_or_authenticate() throws IOException {
        fixture.upstream.script(
                ScriptedUpstream.answering(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a\r\n\r\n"));
        try (RawClient client = fixture.client()) {
            client.send("GET /x HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");
            assertThat(client.readToEnd()).endsWith("2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n");
        }
    }

    @Test
    void an_upgrade_is_ignored_and_the_request_served() throws IOException {
        Response response = fixture.call("GET / HTTP/1.1\r\nHost: p\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n");
        assertThat(response.status()).isEqualTo(200);
        assertThat(fixture.upstream.requests().get(0).head())
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContainIgnoringCase("http2");
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
