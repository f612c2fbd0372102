package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that fails: the client is always answered, and no call that may have been performed is sent again. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BrokenUpstreamTest {

    private static final String POST = "POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello";
    private static final String GET = "GET /x HTTP/1.1\r\nHost: p\r\n\r\n";

    private Fixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private static void assertError(Response response, int status, String code, String type, String performed) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text())
                .contains("\"proxy_error\":\"" + code + "\"")
                .contains("\"performed\":\"" + performed + "\"");
        assertThat(response.field("Proxy-Status")).containsExactly("valify-proxy; error=" + type);
        assertThat(response.field("Cache-Control")).containsExactly("no-store");
        assertThat(response.field("Date")).hasSize(1);
    }

    @Test
    void a_post_whose_connection_closes_without_an_answer_is_502_and_sent_once() throws IOException {
        fixture.upstream.script(ScriptedUpstream.Connection::readRequest);

        assertError(fixture.call(POST), 502, "upstream_reset", "connection_terminated", "unknown");
        assertThat(fixture.upstream.requests()).hasSize(1);
    }

    @Test
    void a_post_whose_connection_is_reset_is_502_and_sent_once() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.reset();
        });

        assertError(fixture.call(POST), 502, "upstream_reset", "connection_terminated", "unknown");
        assertThat(fixture.upstream.requests()).hasSize(1);
    }

    /** Answers one call on the first connection and closes it when the second arrives; other connections serve. */
    private void closeAtSecondCall() {
        fixture.upstream.script(connection -> {
            boolean first = fixture.upstream.requests().isEmpty();
            connection.readRequest();
            connection.send(ScriptedUpstream.OK);
            connection.readRequest();
            if (!first) {
                connection.send(ScriptedUpstream.OK);
            }
        });
    }

    @Test
    void a_get_on_a_kept_connection_that_dies_goes_out_once_more_on_a_fresh_one() throws IOException {
        closeAtSecondCall();
        fixture.call(GET);

        assertThat(fixture.call(GET).status()).isEqualTo(200);
        assertThat(fixture.upstream.requests()).hasSize(3);
        assertThat(fixture.upstream.connections()).isEqualTo(2);
    }

    @Test
    void a_post_on_a_kept_connection_that_dies_after_it_was_written_is_502_and_not_repeated() throws IOException {
        closeAtSecondCall();
        fixture.call(GET);

        assertError(fixture.call(POST), 502, "upstream_reset", "connection_terminated", "unknown");
        assertThat(fixture.upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, true",
        "OPTIONS, true",
        "GET, true",
        "POST, false",
        "PUT, false",
        "PATCH, false",
        "DELETE, false",
        "X, false"
    })
    void on_a_kept_connection_that_dies_what_is_safe_and_nothing_else_goes_out_once_more(String method, boolean again)
            throws IOException {
        closeAtSecondCall();
        fixture.call(GET);
        try (RawClient client = fixture.client()) {
            Response response = client.send(method + " /x HTTP/1.1\r\nHost: p\r\nContent-Length: 0\r\n\r\n")
                    .readHeadOnly();
            assertThat(response.status()).isEqualTo(again ? 200 : 502);
        }
        assertThat(fixture.upstream.requests()).hasSize(again ? 3 : 2);
        assertThat(fixture.pool().usesTaken()).isEqualTo(again ? 3 : 2);
    }

    @Test
    void a_kept_connection_that_dies_again_and_again_is_not_tried_for_ever() throws IOException {
        fixture.upstream.script(connection -> {
            boolean first = fixture.upstream.requests().isEmpty();
            connection.readRequest();
            if (first) {
                connection.send(ScriptedUpstream.OK);
                connection.readRequest();
            }
        });
        fixture.call(GET);

        assertError(fixture.call(GET), 502, "upstream_reset", "connection_terminated", "unknown");
        assertThat(fixture.upstream.requests()).hasSize(3);
    }

    @Test
    void a_connection_whose_upstream_ended_its_side_behind_an_answer_serves_no_other_call() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send(ScriptedUpstream.OK);
            connection.shutOutput();
            connection.readToEnd();
        });
        for (int i = 0; i < 5; i++) {
            assertThat(fixture.call(POST).status()).isEqualTo(200);
            Fixture.await("the end was seen", () -> fixture.connections().open() == 0);
        }
        assertThat(fixture.upstream.connections()).isEqualTo(5);
    }

    @Test
    void a_get_on_a_fresh_connection_that_dies_is_not_repeated() throws IOException {
        fixture.upstream.script(ScriptedUpstream.Connection::readRequest);

        assertThat(fixture.call(GET).status()).isEqualTo(502);
        assertThat(fixture.upstream.requests()).hasSize(1);
    }

    @Test
    void a_kept_connection_that_the_upstream_closed_is_not_used_again() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send(ScriptedUpstream.OK);
        });
        for (int i = 0; i < 5; i++) {
            fixture.call(GET);
            Fixture.await("the close was seen", () -> fixture.connections().open() == 0);
            assertThat(fixture.call(POST).status()).isEqualTo(200);
            Fixture.await("the close was seen", () -> fixture.connections().open() == 0);
        }
    }

    @Test
    void an_answer_cut_short_cuts_the_clients_short_visibly() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        });
        try (RawClient client = fixture.client()) {
            String all = client.send(POST).readToEnd();
            assertThat(all).contains("5\r\nhello\r\n").doesNotContain("\r\n0\r\n");
        }
        assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.TRUNCATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "x", "\r\n", "\n"})
    void what_stands_behind_an_answer_is_never_taken_for_the_next(String stray) throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send(ScriptedUpstream.OK + stray);
            connection.readToEnd();
        });
        try (RawClient client = fixture.client()) {
            assertThat(client.send(GET).read().text()).isEqualTo("{\"ok\":true}");
            assertThat(client.send(GET).read().text()).isEqualTo("{\"ok\":true}");
        }
        assertThat(fixture.upstream.connections()).isEqualTo(2);
    }

    @Test
    void a_connection_whose_answer_had_a_malformed_chunk_serves_no_other_call() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n");
            ScriptedUpstream.answering(ScriptedUpstream.OK).run(connection);
        });
        try (RawClient client = fixture.client()) {
            assertThat(client.send(GET).readToEnd()).contains("ok").doesNotContain("\r\n0\r\n");
        }
        fixture.upstream.script(ScriptedUpstream.answering(ScriptedUpstream.OK));

        assertThat(fixture.call(POST).status()).isEqualTo(200);
        assertThat(fixture.upstream.connections()).isEqualTo(2);
    }

    @Test
    void bytes_on_an_idle_connection_end_it() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send(ScriptedUpstream.OK);
            Fixture.await("the connection is idle", () -> fixture.connections().idle() == 1);
            connection.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
            connection.readToEnd();
        });
        fixture.call(GET);
        Fixture.await(
                "the connection has ended",
                () -> fixture.upstream.connections() == 1
                        && fixture.connections().open() == 0);
        assertThat(fixture.call(POST).status()).isEqualTo(200);
    }

    @Test
    void a_body_that_ends_with_the_connection_is_framed_anew() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\nto the end");
        });
        try (RawClient client = fixture.client()) {
            Response response = client.send(GET).read();
            assertThat(response.text()).isEqualTo("to the end");
            assertThat(response.field("Transfer-Encoding")).containsExactly("chunked");
            assertThat(client.send(GET).read().status()).isEqualTo(200);
        }
    }

    @Test
    void an_upstream_that_refuses_connections_is_502_and_nothing_was_performed() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (Fixture refused = new Fixture(config -> config.upstream = URI.create("http://127.0.0.1:" + port))) {
            assertError(refused.call(POST), 502, "upstream_unreachable", "connection_refused", "no");
            assertThat(refused.pool().usesTaken()).isZero();
        }
    }

    @Test
    void an_upstream_whose_name_is_unknown_is_502() throws IOException {
        try (Fixture unknown = new Fixture(config -> {
            config.upstream = URI.create("http://no-such-host.invalid");
            config.connect = Duration.ofSeconds(2);
        })) {
            assertError(unknown.call(POST), 502, "upstream_unreachable", "dns_error", "no");
        }
    }

    @Test
    void an_upstream_known_by_name_is_reached() throws IOException {
        try (ScriptedUpstream named = new ScriptedUpstream(ScriptedUpstream.answering(ScriptedUpstream.OK));
                Fixture byName =
                        new Fixture(config -> config.upstream = URI.create("http://localhost:" + named.port()))) {
            assertThat(byName.call(POST).status()).isEqualTo(200);
            assertThat(named.requests().get(0).field("Host")).containsExactly("localhost:" + named.port());
        }
    }

    @Test
    void an_upstream_that_does_not_answer_is_504_in_time() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.responseHead = Duration.ofMillis(200));
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.readToEnd();
        });
        assertError(fixture.call(POST), 504, "upstream_timeout", "http_response_timeout", "unknown");
    }

    @Test
    void an_upstream_that_stops_reading_an_upload_is_504_in_time_and_the_call_ends() throws Exception {
        fixture.close();
        fixture = new Fixture(config -> config.responseHead = Duration.ofMillis(500));
        CountDownLatch answered = new CountDownLatch(1);
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            answered.await();
        });
        byte[] piece = new byte[64 * 1024];
        try (RawClient client = fixture.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: " + 400 * piece.length + "\r\n\r\n");
            Thread uploader = new Thread(() -> upload(client, piece, 400));
            uploader.start();

            assertError(client.read(), 504, "upstream_timeout", "http_response_timeout", "unknown");
            assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.FAILED);
            uploader.join();
        } finally {
            answered.countDown();
        }
    }

    private static void upload(RawClient client, byte[] piece, int times) {
        try {
            for (int i = 0; i < times; i++) {
                client.send(piece);
            }
        } catch (IOException closed) {
            // The proxy drops what comes behind its answer, for a while.
        }
    }

    @Test
    void an_answer_that_stops_is_cut_off_in_time() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.responseIdle = Duration.ofMillis(200));
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            connection.readToEnd();
        });
        try (RawClient client = fixture.client()) {
            assertThat(client.send(POST).readToEnd()).endsWith("\r\n\r\nhello");
        }
        assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.TRUNCATED);
    }

    @Test
    void a_call_past_its_total_time_is_504() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.total = Duration.ofMillis(200));
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.readToEnd();
        });
        assertError(fixture.call(POST), 504, "upstream_timeout", "http_response_timeout", "unknown");
    }

    @Test
    void past_the_connections_allowed_calls_are_503_at_once() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.maxUpstreamConnections = 1);
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.readToEnd();
        });
        try (RawClient first = fixture.client()) {
            first.send(POST);
            Fixture.await("the first is on", () -> fixture.upstream.requests().size() == 1);
            Response response = fixture.call(POST);
            assertError(response, 503, "overloaded", "proxy_internal_response", "no");
            assertThat(response.field("Retry-After")).containsExactly("1");
        }
    }

    @Test
    void an_answer_that_ends_with_its_connection_is_not_complete_after_a_reset() throws IOException {
        CountDownLatch begun = new CountDownLatch(1);
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\npart");
            begun.await();
            connection.reset();
        });
        try (RawClient client = fixture.client()) {
            client.send(POST);
            assertThat(client.readHeadOnly().status()).isEqualTo(200);
            begun.countDown();
            assertThat(client.readToEnd()).doesNotContain("0\r\n");
        }
        assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.TRUNCATED);
    }

    @Test
    void an_answer_cut_short_ends_by_a_reset_where_an_end_in_order_would_complete_it() throws IOException {
        CountDownLatch begun = new CountDownLatch(1);
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n");
            begun.await();
        });
        try (RawClient client = fixture.client()) {
            client.send(POST.replace("HTTP/1.1", "HTTP/1.0"));
            assertThat(client.readHeadOnly().status()).isEqualTo(200);
            begun.countDown();
            assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_get_is_not_repeated_once_a_byte_of_its_answer_came() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send(ScriptedUpstream.OK);
            connection.readRequest();
            connection.send("H");
        });
        fixture.call(GET);

        assertError(fixture.call(GET), 502, "upstream_reset", "connection_terminated", "unknown");
        assertThat(fixture.upstream.requests()).hasSize(2);
    }

    @Test
    void a_call_that_went_out_may_be_performed_whatever_becomes_of_its_second_try() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readRequest();
            connection.send(ScriptedUpstream.OK);
            connection.readRequest();
            fixture.upstream.close();
        });
        fixture.call(GET);
        Fixture.await("the connection is idle", () -> fixture.connections().idle() == 1);

        assertError(fixture.call(GET), 502, "upstream_unreachable", "connection_refused", "unknown");
    }

    @Test
    void the_upstreams_time_to_answer_begins_with_the_end_of_the_request() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> {
            config.responseHead = Duration.ofMillis(100);
            config.requestIdle = Duration.ofMillis(500);
        });
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            connection.readToEnd();
        });
        assertError(fixture.call(POST.replace("hello", "he")), 408, "request_timeout", "http_request_error", "unknown");
    }
}
