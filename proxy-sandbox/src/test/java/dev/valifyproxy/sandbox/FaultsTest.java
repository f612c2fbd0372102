package dev.valifyproxy.sandbox;

import static dev.valifyproxy.sandbox.Client.OCR;
import static dev.valifyproxy.sandbox.Client.OCR_BODY;
import static dev.valifyproxy.sandbox.Client.header;
import static dev.valifyproxy.sandbox.Client.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valifyproxy.sandbox.Fault.Ending;
import dev.valifyproxy.sandbox.Fault.Moment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FaultsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Sandbox sandbox = Sandbox.builder().build().start();
    private final Client client = new Client(sandbox);
    private final String token = sandbox.tokens().mint();

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @CsvSource({"HEAD_READ, 0", "PERFORMED, 1", "MID_ANSWER, 1"})
    void a_reset_comes_at_its_moment_and_only_a_performed_call_takes_a_use(Moment moment, int uses) throws Exception {
        sandbox.faults().calls().next(Fault.reset(moment));
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            String read = connection.sendCall(token).readToEnd();
            assertThat(read).endsWith(RawConnection.RESET);
            assertThat(read.startsWith("HTTP/1.1 200 OK\r\n")).isEqualTo(moment == Moment.MID_ANSWER);
        }
        assertThat(sandbox.tokens().used()).isEqualTo(uses);
        assertThat(sandbox.calls().calls()).isEqualTo(1);
    }

    @Test
    void a_close_in_mid_answer_truncates_the_body() throws Exception {
        sandbox.faults().calls().next(Fault.close(Moment.MID_ANSWER));
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            String read = connection.sendCall(token).readToEnd();
            int announced = Integer.parseInt(read.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
            String body = read.substring(read.indexOf("\r\n\r\n") + 4);
            assertThat(body).hasSize(announced / 2).doesNotContain(RawConnection.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void a_stalled_call_is_never_answered_nor_its_connection_closed(Moment moment) throws Exception {
        sandbox.faults().calls().next(Fault.stall(moment));
        try (RawConnection stalled = new RawConnection(sandbox.uri())) {
            stalled.sendCall(token);
            sandbox.calls().awaitCalls(1, SOON);
            if (moment == Moment.MID_ANSWER) {
                stalled.readUntil("\"result\"");
            }
            assertThat(client.ocr(token).statusCode()).isEqualTo(200);
            assertThat(sandbox.calls().openConnections()).isEqualTo(2);
        }
    }

    @Test
    void the_leaving_of_a_client_is_seen_while_its_answer_stalls() throws Exception {
        sandbox.faults().calls().next(Fault.stall(Moment.PERFORMED));
        try (RawConnection stalled = new RawConnection(sandbox.uri())) {
            stalled.sendCall(token);
            sandbox.calls().awaitCalls(1, SOON);
        }
        sandbox.calls().awaitOpenConnections(0, SOON);
    }

    @Test
    void a_fault_is_drawn_for_each_request_for_which_none_waits_in_line() throws Exception {
        Queue<Fault> urn = new ConcurrentLinkedQueue<>(List.of(Fault.answer(Answer.json(503, "{}"))));
        sandbox.faults().calls().draw(urn::poll).next(Fault.answer(Answer.json(500, "{}")));
        assertThat(client.ocr(token).statusCode()).isEqualTo(500);
        assertThat(client.ocr(token).statusCode()).isEqualTo(503);
        assertThat(client.ocr(token).statusCode()).isEqualTo(200);
    }

    @Test
    void a_late_answer_is_the_right_one_and_only_later() throws Exception {
        Duration delay = Duration.ofMillis(50);
        sandbox.faults().calls().next(Fault.late(delay));
        long begun = System.nanoTime();
        assertThat(client.ocr(token).statusCode()).isEqualTo(200);
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(delay.toNanos());
    }

    @Test
    void a_call_refused_for_its_token_is_refused_whatever_answer_it_was_to_get() throws Exception {
        sandbox.faults().calls().next(Fault.answer(Answer.json(500, "{}")));
        assertThat(client.ocr("unknown").statusCode()).isEqualTo(403);
    }

    @Test
    void a_mint_fails_with_the_answer_given_and_issues_no_token() throws Exception {
        Answer unavailable = Answer.of(503, "text/html", "<html>down</html>").with("Retry-After", "7");
        sandbox.faults().mints().next(2, Fault.answer(unavailable));
        client.mint();
        HttpResponse<byte[]> failed = client.mint();
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(header(failed, "Retry-After")).isEqualTo("7");
        assertThat(text(failed)).isEqualTo("<html>down</html>");
        assertThat(client.mint().statusCode()).isEqualTo(200);
        assertThat(sandbox.tokens().minted()).isEqualTo(2);
    }

    @Test
    void a_mint_whose_answer_is_lost_has_issued_a_token() throws Exception {
        sandbox.faults().mints().next(Fault.close(Moment.PERFORMED));
        assertThatThrownBy(client::mint).isInstanceOf(IOException.class);
        assertThat(sandbox.tokens().minted()).isEqualTo(2);
    }

    @Test
    void a_token_request_has_no_token_to_reject() {
        assertThatThrownBy(() -> sandbox.faults().mints().every(new Fault.TokenRejected()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("brings no token");
    }

    @Test
    void a_replaced_answer_to_a_call_stands_for_a_performed_one() throws Exception {
        sandbox.faults().calls().next(Fault.answer(Answer.json(500, "{\"message\":\"Internal Server Error\"}")));
        assertThat(client.ocr(token).statusCode()).isEqualTo(500);
        assertThat(sandbox.tokens().used()).isEqualTo(1);
    }

    @Test
    void a_standing_fault_lasts_until_it_is_cleared() throws Exception {
        sandbox.faults().calls().every(Fault.answer(Answer.json(500, "{}")));
        assertThat(client.ocr(token).statusCode()).isEqualTo(500);
        assertThat(client.ocr(token).statusCode()).isEqualTo(500);
        sandbox.faults().calls().clear();
        assertThat(client.ocr(token).statusCode()).isEqualTo(200);
    }

    @Test
    void a_rejected_token_was_good_and_is_dead_afterwards() throws Exception {
        sandbox.faults().rejectNextTokens(1);
        assertThat(client.ocr(token).statusCode()).isEqualTo(403);
        assertThat(client.ocr(token).statusCode()).isEqualTo(403);
        assertThat(client.ocr(sandbox.tokens().mint()).statusCode()).isEqualTo(200);
        assertThat(sandbox.tokens().refused()).isEqualTo(2);
        assertThat(sandbox.tokens().overUses()).isZero();
    }

    @Test
    void the_dash_of_a_refusal_is_spelt_in_the_ways_chosen_in_turn() throws Exception {
        sandbox.faults().dashes(Dash.values());
        for (String dash : new String[] {"–", "-", "\\u2013", "–"}) {
            HttpResponse<byte[]> refused = client.ocr("unknown");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(text(refused))
                    .isEqualTo("{\"message\":\"Forbidden " + dash + " specified access_token could not be found\"}");
        }
    }

    @Test
    void a_token_can_be_refused_in_the_frameworks_own_form() throws Exception {
        sandbox.faults().refusal(Refusal.INVALID_TOKEN);
        HttpResponse<byte[]> refused = client.ocr("unknown");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(text(refused)).isEqualTo("{\"detail\":\"Invalid token.\"}");
        assertThat(header(refused, "WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
    }

    @Test
    void a_refusal_is_compressed_for_who_accepts_that() throws Exception {
        HttpResponse<byte[]> refused = client.call(OCR, "unknown", OCR_BODY, "Accept-Encoding", "deflate, gzip");
        assertThat(header(refused, "Content-Encoding")).isEqualTo("gzip");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(refused.body())).readAllBytes();
        assertThat(new String(plain, UTF_8)).contains("could not be found");
        assertThat(header(client.ocr("unknown"), "Content-Encoding")).isEmpty();
    }

    @Test
    void held_answers_go_out_when_the_hold_is_released() throws Exception {
        Future<HttpResponse<byte[]>> answer;
        try (Hold hold = sandbox.faults().holdCalls()) {
            answer = CompletableFuture.supplyAsync(() -> unchecked(token));
            hold.awaitHeld(1, SOON);
            assertThat(sandbox.tokens().used()).isEqualTo(1);
            assertThat(answer).isNotDone();
        }
        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(client.ocr(token).statusCode()).isEqualTo(200);
    }

    @Test
    void latency_delays_the_answers_of_its_kind_alone() throws Exception {
        sandbox.faults().callLatency(Duration.ofMillis(150));
        sandbox.faults().mintLatency(Duration.ofMillis(100));
        assertThat(millis(() -> client.ocr(token))).isGreaterThanOrEqualTo(150);
        assertThat(millis(client::mint)).isGreaterThanOrEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 307, 308})
    void a_redirect_names_the_same_target_absolutely_and_performs_nothing(int status) throws Exception {
        sandbox.faults().calls().next(Fault.redirect(status));
        HttpResponse<byte[]> redirect = client.call(OCR + "?a=b", token, OCR_BODY);
        assertThat(redirect.statusCode()).isEqualTo(status);
        assertThat(header(redirect, "Location")).isEqualTo(sandbox.uri() + OCR + "?a=b");
        assertThat(sandbox.tokens().used()).isZero();
    }

    @Test
    void an_early_answer_comes_before_the_body_and_the_connection_serves_on_after_it() throws Exception {
        sandbox.faults().calls().next(Fault.earlyAnswer(Answer.json(413, "{}")));
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            connection.send(RawConnection.head(token, 5));
            assertThat(connection.readUntil("{}")).startsWith("HTTP/1.1 413 ");
            connection.send("12345");
            assertThat(connection.sendCall(token).readUntil("\r\n")).isEqualTo("HTTP/1.1 200 OK\r\n");
        }
        assertThat(sandbox.calls().connectionsOpened()).isEqualTo(1);
        assertThat(sandbox.tokens().used()).isEqualTo(1);
    }

    @Test
    void an_early_answer_that_says_close_closes_at_once() throws Exception {
        sandbox.faults().calls().next(Fault.earlyAnswer(Answer.json(413, "{}").with("Connection", "close")));
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            String read = connection.send(RawConnection.head(token, 5)).readToEnd();
            assertThat(read)
                    .startsWith("HTTP/1.1 413 ")
                    .contains("connection: close")
                    .endsWith("{}");
        }
    }

    @Test
    void interim_answers_come_before_the_right_one() throws Exception {
        sandbox.faults().calls().next(Fault.interim(102, 103));
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            assertThat(connection.sendCall(token).readUntil("200 OK\r\n"))
                    .isEqualTo("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void a_chunked_answer_has_no_length_and_is_whole() throws Exception {
        sandbox.faults().calls().next(Fault.chunked());
        HttpResponse<byte[]> response = client.ocr(token);
        assertThat(header(response, "Transfer-Encoding")).isEqualTo("chunked");
        assertThat(response.headers().firstValue("Content-Length")).isEmpty();
        assertThat(HmacSigner.verify(SandboxSettings.DEMO_HMAC_KEY, response.body(), header(response, "hmac")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ANNOUNCED_CLOSE, true", "SILENT_CLOSE, false"})
    void a_connection_ends_after_its_answer_announced_or_not(Ending ending, boolean announced) throws Exception {
        sandbox.faults().calls().next(Fault.ending(ending));
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            String read = connection.sendCall(token).readToEnd();
            assertThat(read.contains("connection: close")).isEqualTo(announced);
            assertThat(read).startsWith("HTTP/1.1 200 OK").endsWith("}");
        }
    }

    @Test
    void raw_bytes_stand_in_for_the_answer() throws Exception {
        sandbox.faults().calls().next(Fault.raw("SMTP, not HTTP\r\n"));
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            assertThat(connection.sendCall(token).readToEnd()).isEqualTo("SMTP, not HTTP\r\n");
        }
        assertThat(sandbox.tokens().used()).isEqualTo(1);
    }

    @Test
    void connections_are_reset_as_soon_as_they_are_made() throws Exception {
        sandbox.faults().resetNextConnections(1);
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            assertThat(connection.readToEnd()).isEqualTo(RawConnection.RESET);
        }
        assertThat(client.ocr(token).statusCode()).isEqualTo(200);
    }

    @Test
    void idle_connections_are_closed_on_command_and_busy_ones_are_not() throws Exception {
        try (RawConnection idle = new RawConnection(sandbox.uri());
                RawConnection busy = new RawConnection(sandbox.uri());
                Hold hold = sandbox.faults().holdCalls()) {
            busy.sendCall(token);
            hold.awaitHeld(1, SOON);
            sandbox.calls().awaitOpenConnections(2, SOON);
            sandbox.closeIdleConnections();
            assertThat(idle.readToEnd()).isEmpty();
            hold.release();
            assertThat(busy.readUntil("\r\n")).isEqualTo("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void an_answer_cannot_be_replaced_once_it_has_begun() {
        assertThatThrownBy(() -> new Fault.Replaced(Answer.json(200, "{}"), Moment.MID_ANSWER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MID_ANSWER");
    }

    private HttpResponse<byte[]> unchecked(String bearer) {
        try {
            return client.ocr(bearer);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static long millis(Callable<?> action) throws Exception {
        long start = System.nanoTime();
        action.call();
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
}
