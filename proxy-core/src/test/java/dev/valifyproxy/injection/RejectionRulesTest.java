package dev.valifyproxy.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.injection.RejectionRule.Sign;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are the token's fault. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RejectionRulesTest {

    private static final RejectionSettings REFERENCE = ProxyConfig.from(ConfigFactory.parseString(
                    "valify-proxy.token { username = u, password = p, client-id = i, client-secret = s }"))
            .profiles()
            .get(0)
            .rejection();

    private static boolean isRejection(RejectionRules rules, HttpRequest request, HttpResponse answer, String body) {
        return rules.mayReject(request, answer)
                && rules.isRejection(answer, Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpRequest request(String method, String path) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), path);
    }

    private static HttpResponse answer(int status) {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    }

    /** The whole decision, as the reference file has it. Codings are {@link DecodedBodyTest}'s, challenges {@link BearerChallengeTest}'s. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # CALL                                   | STATUS | WWW-Authenticate              | BODY                                                                  | REFUSES THE TOKEN

            # The token is unknown, expired or used up.
            POST /api/v1.5/ocr/                      | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | yes
            POST /api/v1.5/ocr/                      | 403 |                                  | {"message":"Forbidden - specified access_token could not be found"}      | yes
            POST /api/v1.5/ocr/                      | 403 |                                  | {"message":"Forbidden \\u2013 specified access_token could not be found"} | yes
            POST /api/v1.5/ocr/                      | 403 |                                  | {"message":"Forbidden — specified access_token could not be found"}      | yes
            POST /api/v1.5/ocr/                      | 403 |                                  | {"message":"specified\\u0020access_token could not be found"}             | yes
            POST /api/v1/transaction/fetch-images/   | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | yes
            GET  /api/v1.5/ocr/                      | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | yes
            POST /api/v1.5/ocr/?x=/api/v1/transaction/inquire/ | 403 |                        | {"message":"Forbidden – specified access_token could not be found"}      | yes
            POST /api/v1/transaction/inquires/       | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | yes
            # Only with that status.
            POST /api/v1.5/ocr/                      | 401 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1.5/ocr/                      | 200 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1.5/ocr/                      | 400 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1.5/ocr/                      | 422 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1.5/ocr/                      | 500 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no

            # The caller's own bundle key is wrong: no other token would help, whatever else the answer says.
            POST /api/v1.5/ocr/                      | 401 |                                  | {"message":"Unauthorized – your Bundle key is invalid"}                  | no
            POST /api/v1.5/ocr/                      | 401 |                                  | {"message":"Unauthorized - your Bundle key is invalid"}                  | no
            POST /api/v1.5/ocr/                      | 401 |                                  | {"message":"Unauthorized \\u2013 your Bundle key is invalid"}             | no
            POST /api/v1.5/ocr/                      | 401 | Bearer error="invalid_token"     | {"message":"Unauthorized – your Bundle key is invalid"}                  | no

            # Django REST Framework's own refusals, word for word.
            POST /api/v1.5/ocr/                      | 401 |                                  | {"detail":"Authentication credentials were not provided."}               | yes
            POST /api/v1.5/ocr/                      | 403 |                                  | {"detail":"Authentication credentials were not provided."}               | yes
            POST /api/v1.5/ocr/                      | 401 |                                  | {"detail":"Invalid token."}                                              | yes
            POST /api/v1.5/ocr/                      | 403 |                                  | {"detail":"Invalid token."}                                              | yes
            POST /api/v1.5/ocr/                      | 400 |                                  | {"detail":"Invalid token."}                                              | no
            POST /api/v1.5/ocr/                      | 403 |                                  | {"detail":"Invalid token. Or so it seems"}                               | no
            POST /api/v1.5/ocr/                      | 403 |                                  | {"detail":"invalid token."}                                              | no
            POST /api/v1.5/ocr/                      | 403 |                                  | {"detail":"You do not have permission to perform this action."}          | no

            # A challenge that names the token (RFC 6750 §3.1).
            POST /api/v1.5/ocr/                      | 401 | Bearer error="invalid_token"     | {}                                                                       | yes
            POST /api/v1.5/ocr/                      | 401 | Bearer error="invalid_token"     | ``                                                                       | yes
            POST /api/v1.5/ocr/                      | 403 | Bearer error="invalid_token"     | ``                                                                       | yes
            POST /api/v1.5/ocr/                      | 407 | Bearer error="invalid_token"     | ``                                                                       | no
            POST /api/v1.5/ocr/                      | 401 | Bearer realm="api"               | ``                                                                       | no
            POST /api/v1.5/ocr/                      | 401 | Bearer error="insufficient_scope" | ``                                                                      | no

            # Nothing of the kind.
            POST /api/v1.5/ocr/                      | 401 |                                  | ``                                                                       | no
            POST /api/v1.5/ocr/                      | 403 |                                  | ``                                                                       | no
            POST /api/v1.5/ocr/                      | 403 |                                  | {"message":"Forbidden"}                                                  | no
            POST /api/v1.5/ocr/                      | 403 |                                  | <html>403 Forbidden</html>                                               | no

            # Never judged: an answer without a body, and one that may speak of the token in the call's own body, however the path is spelt.
            HEAD /api/v1.5/ocr/                      | 401 | Bearer error="invalid_token"     | ``                                                                       | no
            POST /api/v1/transaction/inquire/        | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1/transaction/inquire         | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1/transaction/inquiry/        | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1/transaction/inquire/?a=b    | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST //api/v1/transaction/inquire/       | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1//transaction/inquire/       | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1/./transaction/x/../inquire/ | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1/transaction/%69nquire/      | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1/transaction/inquire;v=1/    | 403 |                                  | {"message":"Forbidden – specified access_token could not be found"}      | no
            POST /api/v1/transaction/inquire/        | 401 | Bearer error="invalid_token"     | ``                                                                       | no
            """)
    void an_answer_refuses_the_token_or_does_not(
            String call, int status, String challenge, String body, String verdict) {
        String[] words = call.split(" +", 2);
        HttpResponse answer = answer(status);
        if (challenge != null) {
            answer.headers().set("WWW-Authenticate", challenge);
        }
        assertThat(isRejection(new RejectionRules(REFERENCE), request(words[0], words[1]), answer, body))
                .isEqualTo(verdict.equals("yes"));
    }

    @Test
    void of_several_challenges_one_that_names_the_token_will_do() {
        HttpResponse answer = answer(401);
        answer.headers()
                .add("WWW-Authenticate", "Basic realm=\"other\"")
                .add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        assertThat(isRejection(new RejectionRules(REFERENCE), request("POST", "/"), answer, ""))
                .isTrue();
    }

    private static boolean isRejectionBy(RejectionRule rule, int status, String challenge, String body) {
        HttpResponse answer = answer(status);
        answer.headers().set("WWW-Authenticate", challenge);
        RejectionRules rules = new RejectionRules(new RejectionSettings(List.of(rule), List.of()));
        return isRejection(rules, request("POST", "/"), answer, body);
    }

    @Test
    void rules_of_ones_own_stand_in_place_of_the_others() {
        RejectionRule rule = new RejectionRule(List.of(419, 498), Sign.BODY_CONTAINS, "session – gone");
        assertThat(isRejectionBy(rule, 419, "Bearer", "{\"error\":\"session \\u2013 gone\"}"))
                .isTrue();
        assertThat(isRejectionBy(rule, 498, "Bearer", "session – gone")).isTrue();
        assertThat(isRejectionBy(rule, 403, "Bearer", "session – gone")).isFalse();
        assertThat(isRejectionBy(rule, 403, "Bearer", "specified access_token could not be found"))
                .isFalse();
        assertThat(isRejectionBy(rule, 498, "Bearer error=\"session – gone\"", ""))
                .isFalse();
    }

    @Test
    void an_error_code_of_ones_own_is_compared_whole_and_in_any_case() {
        RejectionRule rule = new RejectionRule(List.of(401), Sign.WWW_AUTHENTICATE_ERROR, "token.used-up");
        assertThat(isRejectionBy(rule, 401, "Bearer error=\"token.used-up\"", ""))
                .isTrue();
        assertThat(isRejectionBy(rule, 401, "Bearer error=TOKEN.USED-UP", "")).isTrue();
        assertThat(isRejectionBy(rule, 401, "Bearer error=\"token.used-up-twice\"", ""))
                .isFalse();
        assertThat(isRejectionBy(rule, 401, "Bearer error=\"token-used-up\"", ""))
                .isFalse();
        assertThat(isRejectionBy(rule, 401, "Bearer", "token.used-up")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Unauthorized", "Bundle key", "your Bundle key is invalid", "}"})
    void no_rule_whatever_its_text_takes_a_wrong_bundle_key_for_a_refusal(String text) {
        RejectionRule rule = new RejectionRule(List.of(401, 403), Sign.BODY_CONTAINS, text);
        assertThat(isRejectionBy(rule, 401, "Bearer", "{\"message\":\"Unauthorized – your Bundle key is invalid\"}"))
                .isFalse();
    }

    @Test
    void without_rules_no_answer_is_a_refusal() {
        RejectionRules none = new RejectionRules(new RejectionSettings(List.of(), List.of()));
        assertThat(none.mayReject(request("POST", "/"), answer(403))).isFalse();
    }
}
