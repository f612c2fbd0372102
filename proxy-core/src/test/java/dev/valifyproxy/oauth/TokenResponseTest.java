package dev.valifyproxy.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.Placeholder;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.tls.TlsSettings;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintOutcome.Failed;
import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.MintOutcome.Minted;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenResponseTest {

    private static final Secret ANY = Secret.of("any");
    private static final String ANSWERED = "the token URL https://id.example answered ";
    private final TokenResponse response = new TokenResponse(new OAuthSettings(
            URI.create("https://id.example/api/o/token/"),
            null,
            new Credentials(ANY, ANY, ANY, ANY),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(600),
            Duration.ofHours(24),
            new TlsSettings(null)));
    private final HttpHeaders headers = new DefaultHttpHeaders();

    @Test
    void an_answer_as_valify_gives_it_is_a_token() {
        String body = "{\"access_token\": \"aB3-._~+/=\", \"expires_in\": 600, \"token_type\": \"Bearer\","
                + " \"scope\": \"read write\", \"refresh_token\": \"r\", \"more\": {\"a\": [1, {}]}}";

        assertThat(read(200, body)).isEqualTo(new Minted(Secret.of("aB3-._~+/="), Duration.ofMinutes(10)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "600           | 600",
                "\"600\"       | 600",
                "1             | 1",
                "1.999         | 1",
                "600.0         | 600",
                "6e2           | 600",
                "null          | 600",
                "86399         | 86399",
                "86400         | 86400",
                "86401         | 86400",
                "1e300         | 86400",
                "1e999999999   | 86400",
                "\"99999999999\" | 86400",
                "123456789012345678901234567890 | 86400",
            })
    void lifetimes_are_read_generously_and_clamped(String expiresIn, long seconds) {
        assertThat(read(200, token("\"expires_in\":" + expiresIn)))
                .isEqualTo(new Minted(Secret.of("good"), Duration.ofSeconds(seconds)));
    }

    @Test
    void a_missing_lifetime_is_the_default() {
        assertThat(read(200, "{\"access_token\":\"good\"}"))
                .isEqualTo(new Minted(Secret.of("good"), Duration.ofMinutes(10)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "0.9",
                "-600",
                "\"\"",
                "\"-5\"",
                "\"6 00\"",
                "\"soon\"",
                "\"1e3\"",
                "true",
                "[600]",
                "{}",
                "-1e999"
            })
    void a_lifetime_that_makes_no_sense_is_no_token(String expiresIn) {
        assertThat(read(200, token("\"expires_in\":" + expiresIn)))
                .isEqualTo(malformed("an expires_in that is no positive number"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "null",
                "17",
                "true",
                "[\"good\"]",
                "\"a b\"",
                "\"a\\r\\nX: y\"",
                "\"\\u007f\"",
                "\"tok\u00e9n\""
            })
    void a_token_that_cannot_be_sent_is_none(String token) {
        assertThat(read(200, "{\"access_token\":" + token + "}")).isEqualTo(malformed("no usable access_token"));
    }

    @Test
    void an_answer_without_a_token_is_none() {
        assertThat(read(200, "{}")).isEqualTo(malformed("no usable access_token"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Bearer\"", "\"bearer\"", "\"BEARER\"", "null"})
    void the_type_may_be_bearer_in_any_case_or_missing(String type) {
        assertThat(read(200, token("\"token_type\":" + type))).isInstanceOf(Minted.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"mac\"", "\"\"", "7", "[\"Bearer\"]"})
    void another_type_is_no_token(String type) {
        assertThat(read(200, token("\"token_type\":" + type))).isEqualTo(malformed("a token_type other than Bearer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nope",
                "[]",
                "\"good\"",
                "null",
                "{\"access_token\":\"good\"",
                "{\"access_token\":\"good\"} {}",
                "{\"access_token\":\"good\"} x",
                "{\"access_token\":\"good\",\"access_token\":\"bad\"}",
                "{\"access_token\":\"good\",\"a\":1,\"a\":2}",
                "{'access_token':'good'}",
                "{\"access_token\":\"good\",}"
            })
    void what_is_not_one_json_object_without_doubles_is_no_token(String body) {
        assertThat(read(200, body)).isEqualTo(malformed("something other than JSON"));
    }

    @ParameterizedTest
    @CsvSource({"text/html; charset=utf-8, Sign in", "application/json, <!DOCTYPE html>", "'', '  <html>'"})
    void html_is_named(String type, String body) {
        headers.set("Content-Type", type);
        assertThat(read(200, body)).isEqualTo(malformed("HTML: is the token URL right?"));
    }

    @Test
    void a_body_that_is_compressed_though_nobody_asked_for_it_is_told_apart() {
        headers.set("Content-Encoding", "gzip");

        assertThat(read(200, "\u001f\u008b\b")).isEqualTo(malformed("a Content-Encoding, though none was asked for"));
        assertThat(read(200, "{\"access_token\":\"good\"}")).isInstanceOf(Minted.class);
    }

    @Test
    void a_placeholder_shows_that_the_token_url_is_a_proxy() {
        assertThat(read(200, "{\"access_token\":\"" + Placeholder.PREFIX + "1\",\"expires_in\":600}"))
                .isEqualTo(Failed.of(
                        Kind.PROXY_LOOP, "the token URL https://id.example is a valify-proxy, maybe this one"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "invalid_request",
                "invalid_client",
                "invalid_grant",
                "unauthorized_client",
                "unsupported_grant_type",
                "invalid_scope"
            })
    void each_error_of_the_rfc_is_a_refusal_and_named_without_its_description(String code) {
        String body = "{\"error\":\"" + code + "\",\"error_description\":\"wrong password hunter2\"}";
        for (int status : new int[] {400, 401}) {
            assertThat(read(status, body))
                    .isEqualTo(Failed.of(Kind.CREDENTIALS_REFUSED, ANSWERED + status + ": " + code));
        }
    }

    @Test
    void an_unknown_error_is_a_refusal_and_not_quoted() {
        assertThat(read(400, "{\"error\":\"hunter2\"}"))
                .isEqualTo(Failed.of(
                        Kind.CREDENTIALS_REFUSED, ANSWERED + "400: an error code that RFC 6749 does not define"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, SERVER_ERROR",
        "401, CREDENTIALS_REFUSED",
        "201, SERVER_ERROR",
        "204, SERVER_ERROR",
        "403, SERVER_ERROR",
        "404, SERVER_ERROR",
        "500, SERVER_ERROR",
        "502, SERVER_ERROR",
        "503, SERVER_ERROR",
        "429, RATE_LIMITED"
    })
    void other_answers_are_told_by_their_status(int status, Kind kind) {
        assertThat(read(status, "<p>hunter2")).isEqualTo(Failed.of(kind, ANSWERED + status));
    }

    @ParameterizedTest
    @CsvSource({"429, 0, 0", "429, 7, 7", "503, 120, 120", "503, 999999999999, 999999999999"})
    void retry_after_in_seconds_is_read(int status, String value, long seconds) {
        headers.set("Retry-After", value);
        assertThat(read(status, ""))
                .isEqualTo(new Failed(Kind.RATE_LIMITED, ANSWERED + status, Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @CsvSource({"'Tue, 24 Nov 2026 10:00:09 GMT', 9", "'Tue, 24 Nov 2026 09:59:00 GMT', 0"})
    void retry_after_as_a_date_is_read_against_the_answers_own(String until, long seconds) {
        headers.set("Date", "Tue, 24 Nov 2026 10:00:00 GMT");
        headers.set("Retry-After", until);
        assertThat(read(503, "")).isEqualTo(new Failed(Kind.RATE_LIMITED, ANSWERED + 503, Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5", "", "Tue, 24 Nov 2026 10:00:09 GMT"})
    void a_retry_after_that_cannot_be_read_is_none(String value) {
        headers.set("Retry-After", value);
        assertThat(read(503, "")).isEqualTo(Failed.of(Kind.SERVER_ERROR, ANSWERED + 503));
        assertThat(read(429, "")).isEqualTo(Failed.of(Kind.RATE_LIMITED, ANSWERED + 429));
    }

    @Test
    void retry_after_says_nothing_on_other_answers() {
        headers.set("Retry-After", "7");
        assertThat(read(500, "")).isEqualTo(Failed.of(Kind.SERVER_ERROR, ANSWERED + 500));
    }

    @ParameterizedTest
    @CsvSource({
        "https://login.example:8443/x?token=hunter2#f, https://login.example:8443",
        "https://user:hunter2@login.example/x, https://login.example",
        "/relative/hunter2, another path",
        "'', another path",
        "'http://bad host/', an unreadable Location"
    })
    void a_redirect_is_named_by_its_origin_only(String location, String shown) {
        headers.set("Location", location);
        assertThat(read(302, ""))
                .isEqualTo(Failed.of(Kind.SERVER_ERROR, "the token URL redirects from https://id.example to " + shown));
    }

    @Test
    void the_fields_of_an_answer_show_no_token() {
        assertThat(TokenFields.parse("{\"access_token\":\"hunter2\"}".getBytes(StandardCharsets.UTF_8)))
                .hasToString("TokenFields[***]");
    }

    private MintOutcome read(int status, String body) {
        return response.read(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String token(String field) {
        return "{\"access_token\":\"good\"," + field + "}";
    }

    private static Failed malformed(String what) {
        return Failed.of(Kind.MALFORMED, ANSWERED + "200 with " + what);
    }
}
