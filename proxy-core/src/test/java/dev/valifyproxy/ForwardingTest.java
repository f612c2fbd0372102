package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.clientauth.ClientAuthSettings.TokenEndpoint;
import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.testing.CountingSource;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream.Received;
import dev.valifyproxy.testing.TestConfig;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes, what is changed, and what is added: real sockets, bytes in and out. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class ForwardingTest {

    private Fixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private Received received(int n) {
        return fixture.upstream.requests().get(n);
    }

    @Test
    void a_call_goes_upstream_with_a_token_and_the_upstreams_host() throws IOException {
        Response response = fixture.call("GET /api/v1/x/?a=b HTTP/1.1\r\nHost: proxy\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("{\"ok\":true}");
        assertThat(received(0).requestLine()).isEqualTo("GET /api/v1/x/?a=b HTTP/1.1");
        assertThat(received(0).field("Authorization")).containsExactly("Bearer token-1");
        assertThat(received(0).field("Host")).containsExactly("127.0.0.1:" + fixture.upstream.port());
        assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.RELAYED);
    }

    @Test
    void a_body_with_a_length_passes_with_its_length() throws IOException {
        fixture.call("POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello");

        assertThat(received(0).field("Content-Length")).containsExactly("5");
        assertThat(received(0).text()).isEqualTo("hello");
        assertThat(fixture.ended(0).requestBytes()).isEqualTo(5);
    }

    @Test
    void a_date_is_added_where_the_answer_has_none() throws IOException {
        Response response = fixture.call("GET / HTTP/1.1\r\nHost: p\r\n\r\n");

        assertThat(response.field("Date")).hasSize(1);
        assertThat(response.field("Date").get(0)).matches("[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} [\\d:]{8} GMT");
    }

    @Test
    void calls_of_one_client_share_connections_on_both_sides() throws IOException {
        try (RawClient client = fixture.client()) {
            for (int i = 0; i < 7; i++) {
                assertThat(client.send("GET /" + i + " HTTP/1.1\r\nHost: p\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo(200);
            }
        }
        assertThat(fixture.upstream.connections()).isEqualTo(1);
        assertThat(fixture.upstream.requests()).hasSize(7);
        assertThat(fixture.upstream.requests().stream()
                        .map(r -> r.field("Authorization").get(0)))
                .containsExactly(
                        "Bearer token-1",
                        "Bearer token-1",
                        "Bearer token-1",
                        "Bearer token-2",
                        "Bearer token-2",
                        "Bearer token-2",
                        "Bearer token-3");
    }

    @Test
    void pipelined_requests_are_answered_in_order() throws IOException {
        fixture.upstream.script(connection -> {
            while (true) {
                String line = connection.readRequest().requestLine();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + line.length() + "\r\n\r\n" + line);
            }
        });
        try (RawClient client = fixture.client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                all.append("POST /").append(i).append(" HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\nab");
            }
            client.send(all.toString());
            for (int i = 0; i < 40; i++) {
                assertThat(client.read().text()).isEqualTo("POST /" + i + " HTTP/1.1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/o/token/", "/api/o/token", "//api/o/token/", "/api/./o/%74oken/", "http://h/api/o/token/"})
    void the_token_path_is_answered_here_and_credentials_go_nowhere(String target) throws IOException {
        Response response = fixture.call(
                "POST " + target + " HTTP/1.1\r\nHost: p\r\nContent-Length: 21\r\n\r\nusername=u&password=#");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text())
                .matches("\\{\"access_token\":\"valify-proxy-placeholder-[-0-9a-f]{36}\",\"expires_in\":600,"
                        + "\"token_type\":\"Bearer\",\"scope\":\"\",\"refresh_token\":\"[-a-z0-9]+\"}");
        assertThat(response.field("Cache-Control")).containsExactly("no-store");
        assertThat(response.field("Date")).hasSize(1);
        assertThat(fixture.upstream.requests()).isEmpty();
        assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.LOCAL);
    }

    @Test
    void the_token_path_takes_nothing_but_post_and_keeps_the_connection() throws IOException {
        try (RawClient client = fixture.client()) {
            Response refused =
                    client.send("GET /api/o/token/ HTTP/1.1\r\nHost: p\r\n\r\n").read();
            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.field("Allow")).containsExactly("POST");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: p\r\n\r\n").read().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void the_token_path_is_404_when_switched_off() throws IOException {
        try (Fixture off = new Fixture(config -> config.tokenEndpoint = TokenEndpoint.OFF)) {
            assertThat(off.call("POST /api/o/token/ HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n")
                            .text())
                    .contains("\"proxy_error\":\"not_found\"");
            assertThat(off.upstream.requests()).isEmpty();
        }
    }

    @Test
    void a_call_listener_that_fails_costs_no_call_its_answer() throws IOException {
        TestConfig config = new TestConfig(fixture.upstream.uri());
        try (Proxy proxy = Proxy.builder(config.build())
                        .tokenSource("default", new CountingSource())
                        .callListener(call -> {
                            throw new IllegalStateException("a bug of the embedder's");
                        })
                        .start();
                RawClient client = new RawClient(proxy.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send("GET /x HTTP/1.1\r\nHost: p\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo(200);
            }
        }
    }
}
