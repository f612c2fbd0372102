package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.valifyproxy.injection.RejectionRule;
import dev.valifyproxy.injection.RejectionRule.Sign;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.token.LearnUses;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintOutcome.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the upstream refuses a token, and when it only seems to. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class RejectionTest {

    private static final String POST = "POST /api/v1.5/ocr/ HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello";
    private static final String UNKNOWN_TOKEN =
            "{\"message\":\"Forbidden - specified access_token could not be found\"}";

    private Fixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private static String answer(String statusLine, String fields, String body) {
        return "HTTP/1.1 " + statusLine + "\r\n" + fields + "Content-Length: "
                + body.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n\r\n" + body;
    }

    /** Answers the first request like this, and all others with 200. */
    private void firstAnswer(String first) {
        fixture.upstream.script(connection -> {
            while (true) {
                connection.readRequest();
                connection.send(fixture.upstream.requests().size() == 1 ? first : ScriptedUpstream.OK);
            }
        });
    }

    private List<String> tokensSeen() {
        return fixture.upstream.requests().stream()
                .map(request -> request.field("Authorization").get(0))
                .toList();
    }

    static List<String> refusals() throws IOException {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(UNKNOWN_TOKEN.getBytes(StandardCharsets.UTF_8));
        }
        String zipped = gzip.toString(StandardCharsets.ISO_8859_1);
        return List.of(
                answer("403 Forbidden", "", UNKNOWN_TOKEN),
                answer("403 Forbidden", "", UNKNOWN_TOKEN.replace("-", "\u00e2\u0080\u0093")),
                answer("403 Forbidden", "", UNKNOWN_TOKEN.replace("-", "\\u2013")),
                answer("403 Forbidden", "Content-Encoding: gzip\r\n", zipped),
                answer("401 Unauthorized", "", "{\"detail\":\"Authentication credentials were not provided.\"}"),
                answer("401 Unauthorized", "", "{\"detail\":\"Invalid token.\"}"),
                answer("401 Unauthorized", "WWW-Authenticate: Bearer realm=\"api\", error=\"invalid_token\"\r\n", ""),
                "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n"
                        + UNKNOWN_TOKEN.substring(0, 16) + "\r\n"
                        + Integer.toHexString(UNKNOWN_TOKEN.length() - 16) + "\r\n" + UNKNOWN_TOKEN.substring(16)
                        + "\r\n0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n" + answer("403 Forbidden", "", UNKNOWN_TOKEN));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_call_whose_token_is_refused_goes_out_once_more_with_a_token_minted_since(String refusal) throws IOException {
        firstAnswer(refusal);

        try (RawClient client = fixture.client()) {
            Response response = client.send(POST).read();
            if (response.status() == 100) {
                response = client.read();
            }
            assertThat(response.status()).isEqualTo(200);
        }
        assertThat(tokensSeen()).hasSize(2).doesNotHaveDuplicates();
        assertThat(fixture.upstream.requests())
                .allMatch(request -> request.text().equals("hello"));
        assertThat(fixture.ended(0).attempts()).isEqualTo(2);
    }

    @Test
    void a_refused_token_is_not_used_again() throws IOException {
        firstAnswer(answer("403 Forbidden", "", UNKNOWN_TOKEN));
        for (int i = 0; i < 6; i++) {
            fixture.call(POST);
        }
        assertThat(tokensSeen().stream().filter(tokensSeen().get(0)::equals)).hasSize(1);
    }

    static List<String> otherAnswers() {
        return List.of(
                answer("401 Unauthorized", "", "{\"message\":\"Unauthorized - your Bundle key is invalid\"}"),
                answer(
                        "401 Unauthorized",
                        "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n",
                        "{\"message\":\"Unauthorized - your Bundle key is invalid\"}"),
                answer("401 Unauthorized", "WWW-Authenticate: Bearer realm=\"api\"\r\n", "{}"),
                answer("403 Forbidden", "", "{\"message\":\"Forbidden\"}"),
                answer("403 Forbidden", "Content-Encoding: gzip\r\n", "not gzip"),
                answer("403 Forbidden", "", ""),
                answer("403 Forbidden", "", UNKNOWN_TOKEN + " ".repeat(5_000)),
                answer("500 Internal Server Error", "", UNKNOWN_TOKEN),
                answer("400 Bad Request", "", UNKNOWN_TOKEN));
    }

    @ParameterizedTest
    @MethodSource("otherAnswers")
    void any_other_answer_passes_and_the_call_is_sent_once(String answer) throws IOException {
        firstAnswer(answer);

        Response response = fixture.call(POST);

        assertThat(answer).startsWith("HTTP/1.1 " + response.status()).endsWith(response.text());
        assertThat(fixture.upstream.requests()).hasSize(1);
    }

    @Test
    void the_inquirys_403_may_speak_of_the_token_in_its_body_and_passes() throws IOException {
        firstAnswer(answer("403 Forbidden", "", UNKNOWN_TOKEN));

        Response response =
                fixture.call("POST /api/v1/transaction/inquire/ HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(response.status()).isEqualTo(403);
        assertThat(fixture.upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//api/v1/transaction/inquire/",
                "/api/v1/transaction//inquire/?x=y",
                "/api/v1/./transaction/inquire/",
                "/api/v1/transaction/%69nquire/"
            })
    void so_it_does_however_its_path_is_spelt_which_goes_upstream_as_it_is(String target) throws IOException {
        firstAnswer(answer("403 Forbidden", "", UNKNOWN_TOKEN));

        Response response = fixture.call("POST " + target + " HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(response.status()).isEqualTo(403);
        assertThat(fixture.upstream.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.requestLine()).isEqualTo("POST " + target + " HTTP/1.1"));
    }

    static List<Arguments> answersUnderRulesOfOnesOwn() {
        return List.of(
                arguments(answer("419 Over", "", "{\"error\":\"session\\u0020is over\"}"), 200),
                arguments(answer("401 Unauthorized", "WWW-Authenticate: Bearer error=\"used_up\"\r\n", ""), 200),
                arguments(answer("401 Unauthorized", "", "{\"error\":\"session is over\"}"), 401),
                arguments(answer("403 Forbidden", "", UNKNOWN_TOKEN), 403));
    }

    @ParameterizedTest
    @MethodSource("answersUnderRulesOfOnesOwn")
    void rules_of_ones_own_decide_in_place_of_the_others(String first, int status) throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.rejectionRules = List.of(
                new RejectionRule(List.of(419), Sign.BODY_CONTAINS, "session is over"),
                new RejectionRule(List.of(401), Sign.WWW_AUTHENTICATE_ERROR, "used_up")));
        firstAnswer(first);

        assertThat(fixture.call(POST).status()).isEqualTo(status);
        assertThat(tokensSeen()).hasSize(status == 200 ? 2 : 1).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(LearnUses.class)
    void an_answer_is_the_same_whether_something_is_learnt_from_it_or_not(LearnUses learnUses) throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.learnUses = learnUses);
        String body = "{\"result\":{},\"trials_remaining\":1}";
        String half = Integer.toHexString(body.length() - 16);
        fixture.upstream.script(ScriptedUpstream.answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                + "hmac: 0a1b\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + body.substring(0, 16) + "\r\n" + half
                + "\r\n" + body.substring(16) + "\r\n0\r\n\r\n"));
        for (int i = 0; i < 5; i++) {
            Response response = fixture.call(POST);
            assertThat(response.text()).isEqualTo(body);
            assertThat(response.head()).contains("hmac: 0a1b\r\n");
        }
    }

    @Test
    void a_403_to_head_passes() throws IOException {
        fixture.upstream.script(ScriptedUpstream.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 67\r\n\r\n"));

        try (RawClient client = fixture.client()) {
            Response response =
                    client.send("HEAD / HTTP/1.1\r\nHost: p\r\n\r\n").readHeadOnly();
            assertThat(response.status()).isEqualTo(403);
        }
        assertThat(fixture.upstream.requests()).hasSize(1);
    }

    @Test
    void a_call_refused_with_a_second_token_too_gets_that_answer() throws IOException {
        fixture.upstream.script(ScriptedUpstream.answering(answer("403 Forbidden", "hmac: 1\r\n", UNKNOWN_TOKEN)));

        Response response = fixture.call(POST);

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.text()).isEqualTo(UNKNOWN_TOKEN);
        assertThat(fixture.upstream.requests()).hasSize(2);
    }

    @Test
    void without_a_second_token_in_time_the_first_answer_is_relayed() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> {
            config.floor = 1;
            config.acquire = Duration.ofMillis(300);
        });
        fixture.upstream.script(connection -> {
            connection.readRequest();
            fixture.source.fail(Kind.SERVER_ERROR);
            connection.send(answer("403 Forbidden", "", UNKNOWN_TOKEN));
        });

        Response response = fixture.call(POST);

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.text()).isEqualTo(UNKNOWN_TOKEN);
    }

    @Test
    void a_body_too_large_to_be_kept_is_sent_once_and_its_refusal_relayed() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.maxReplayBody = 4);
        firstAnswer(answer("403 Forbidden", "", UNKNOWN_TOKEN));

        assertThat(fixture.call(POST).status()).isEqualTo(403);
        assertThat(fixture.upstream.requests()).hasSize(1);
    }

    @Test
    void a_refusal_in_the_middle_of_an_upload_is_retried_with_what_came_and_what_is_still_to_come() throws IOException {
        fixture.upstream.script(connection -> {
            if (fixture.upstream.requests().isEmpty()) {
                connection.readHeadOnly();
                connection.send(answer("403 Forbidden", "", UNKNOWN_TOKEN));
                connection.readToEnd();
            } else {
                connection.readRequest();
                connection.send(ScriptedUpstream.OK);
            }
        });
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 10\r\n\r\nfirst");
            Fixture.await("the second try has begun", () -> fixture.upstream.connections() == 2);
            assertThat(client.send("later").read().status()).isEqualTo(200);
        }
        assertThat(fixture.upstream.requests().get(1).text()).isEqualTo("firstlater");
    }

    @Test
    void a_client_that_ends_its_side_while_a_second_token_is_awaited_still_gets_its_answer() throws IOException {
        CompletableFuture<MintOutcome> mint = new CompletableFuture<>();
        Fixture.await("a token is ready", () -> fixture.pool().readyUses() > 0);
        fixture.source.answer(() -> mint);
        firstAnswer(answer("403 Forbidden", "", UNKNOWN_TOKEN));
        try (RawClient client = fixture.client()) {
            client.send(POST);
            Fixture.await("a second token is awaited", () -> fixture.pool().waiters() == 1);
            client.shutOutput();
            // The same loop has seen the client's end once it has served another call.
            fixture.call("GET /api/o/token/ HTTP/1.1\r\nHost: p\r\n\r\n");
            fixture.source.answer(fixture.source::token);
            fixture.source.token().thenAccept(mint::complete);
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void the_upstreams_time_to_answer_does_not_run_while_a_second_token_is_awaited() throws IOException {
        fixture.close();
        fixture = new Fixture(config -> config.responseHead = Duration.ofMillis(200));
        Fixture.await("a token is ready", () -> fixture.pool().readyUses() > 0);
        fixture.source.answer(() -> CompletableFuture.supplyAsync(
                () -> fixture.source.token().toCompletableFuture().join(),
                CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS)));
        firstAnswer(answer("403 Forbidden", "", UNKNOWN_TOKEN));

        assertThat(fixture.call(POST).status()).isEqualTo(200);
    }
}
