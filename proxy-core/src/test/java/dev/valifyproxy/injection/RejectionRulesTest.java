package dev.valifyproxy.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are the token's fault. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RejectionRulesTest {

    private static final String UNKNOWN = "{\"message\":\"Forbidden – specified access_token could not be found\"}";
    private static final String BUNDLE_KEY = "{\"message\":\"Unauthorized – your Bundle key is invalid\"}";
    private static final String NOT_PROVIDED = "{\"detail\":\"Authentication credentials were not provided.\"}";
    private static final String INVALID = "{\"detail\":\"Invalid token.\"}";

    private final RejectionRules rules =
            new RejectionRules(new RejectionSettings(List.of("/api/v1/transaction/inquir")));

    private static HttpResponse answer(int status) {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    }

    private boolean isRejection(int status, String body) {
        return isRejection(answer(status), body.getBytes(StandardCharsets.UTF_8));
    }

    private boolean isRejection(HttpResponse answer, byte[] body) {
        return rules.isRejection(answer, Unpooled.wrappedBuffer(body));
    }

    private boolean mayReject(String method, String uri, int status) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), uri);
        return rules.mayReject(request, answer(status));
    }

    @ParameterizedTest
    @CsvSource({
        "401,true",
        "403,true",
        "200,false",
        "204,false",
        "302,false",
        "400,false",
        "402,false",
        "404,false",
        "407,false",
        "415,false",
        "422,false",
        "429,false",
        "500,false",
        "503,false"
    })
    void only_two_statuses_can_refuse_a_token(int status, boolean may) {
        assertThat(mayReject("POST", "/api/v1.5/ocr/", status)).isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/api/v1/transaction/inquire/,false",
        "POST,/api/v1/transaction/inquiry/,false",
        "POST,/api/v1/transaction/inquire/?a=b,false",
        "POST,/api/v1/transaction/fetch-images/,true",
        "POST,/api/v1.5/ocr/?x=/api/v1/transaction/inquire/,true",
        "GET,/api/v1.5/ocr/,true",
        "HEAD,/api/v1.5/ocr/,false"
    })
    void an_answer_without_a_body_or_about_the_calls_own_token_is_not_judged(String method, String uri, boolean may) {
        assertThat(mayReject(method, uri, 403)).isEqualTo(may);
    }

    @ParameterizedTest
    @ValueSource(strings = {"–", "-", "\\u2013", "—", ""})
    void a_403_that_knows_no_such_token_is_one_however_its_dash_is_spelt(String dash) {
        assertThat(isRejection(403, UNKNOWN.replace("–", dash))).isTrue();
    }

    @Test
    void a_401_with_that_text_is_none() {
        assertThat(isRejection(401, UNKNOWN)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"–", "-", "\\u2013"})
    void the_callers_own_bundle_key_is_no_tokens_fault(String dash) {
        assertThat(isRejection(401, BUNDLE_KEY.replace("–", dash))).isFalse();
        HttpResponse challenged = answer(401);
        challenged.headers().set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        assertThat(isRejection(challenged, BUNDLE_KEY.getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void djangos_own_refusals_are_refusals(int status) {
        assertThat(isRejection(status, NOT_PROVIDED)).isTrue();
        assertThat(isRejection(status, INVALID)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"detail\":\"You do not have permission to perform this action.\"}",
                "{\"message\":\"Invalid token. Or so it seems\"}",
                "<html>403 Forbidden</html>"
            })
    void any_other_body_is_none(String body) {
        assertThat(isRejection(401, body)).isFalse();
        assertThat(isRejection(403, body)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer error=\"invalid_token\"",
                "bearer realm=\"api\",error=\"invalid_token\", error_description=\"expired\"",
                "Basic realm=\"x\", Bearer realm=\"api\", error = invalid_token",
                "BEARER ERROR=\"INVALID_TOKEN\""
            })
    void a_challenge_that_names_an_invalid_token_is_one(String challenge) {
        HttpResponse answer = answer(401);
        answer.headers().add("WWW-Authenticate", "Basic realm=\"other\"").add("WWW-Authenticate", challenge);
        assertThat(isRejection(answer, new byte[0])).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer realm=\"api\"",
                "Bearer error=\"insufficient_scope\"",
                "Bearer error=\"invalid_token_format\"",
                "Basic error=\"invalid_token\""
            })
    void any_other_challenge_is_none(String challenge) {
        HttpResponse answer = answer(401);
        answer.headers().set("WWW-Authenticate", challenge);
        assertThat(isRejection(answer, new byte[0])).isFalse();
    }

    private interface Coder {
        OutputStream over(OutputStream raw) throws IOException;
    }

    private static byte[] encoded(Coder coder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = coder.over(bytes)) {
            out.write(UNKNOWN.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] encoded(String coding) throws IOException {
        return switch (coding) {
            case "gzip" -> encoded(GZIPOutputStream::new);
            case "zlib" -> encoded(DeflaterOutputStream::new);
            case "raw" -> encoded(out -> new DeflaterOutputStream(out, new Deflater(9, true)));
            default -> UNKNOWN.getBytes(StandardCharsets.UTF_8);
        };
    }

    private HttpResponse coded(String coding) {
        HttpResponse answer = answer(403);
        answer.headers().set("Content-Encoding", coding);
        return answer;
    }

    @ParameterizedTest
    @CsvSource({
        "gzip,gzip",
        "GZIP,gzip",
        "x-gzip,gzip",
        "deflate,zlib",
        "Deflate,zlib",
        "deflate,raw",
        "identity,plain",
        "Identity,plain"
    })
    void a_compressed_refusal_is_read(String coding, String bytes) throws IOException {
        assertThat(isRejection(coded(coding), encoded(bytes))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"gzip,plain", "deflate,plain", "br,plain", "'gzip, deflate',gzip", "gzip,zlib", "'',plain"})
    void what_cannot_be_decoded_is_not_judged_by_its_body(String coding, String bytes) throws IOException {
        assertThat(isRejection(coded(coding), encoded(bytes))).isFalse();
    }

    @Test
    void a_compressed_body_cut_short_is_not_judged() throws IOException {
        byte[] whole = encoded("gzip");
        for (int length = 0; length < whole.length; length++) {
            assertThat(isRejection(coded("gzip"), Arrays.copyOf(whole, length))).isFalse();
        }
    }

    @Test
    void of_a_body_that_swells_no_more_is_decoded_than_a_refusal_can_have() throws IOException {
        byte[] bomb = encoded(out -> {
            OutputStream gzip = new GZIPOutputStream(out);
            gzip.write(new byte[16 * 1024]);
            return gzip;
        });
        assertThat(isRejection(coded("gzip"), bomb)).isFalse();
    }
}
