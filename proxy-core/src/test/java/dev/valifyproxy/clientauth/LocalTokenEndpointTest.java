package dev.valifyproxy.clientauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.clientauth.ClientAuthSettings.TokenEndpoint;
import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LocalTokenEndpointTest {

    private static LocalTokenEndpoint endpoint(TokenEndpoint kind) {
        return new LocalTokenEndpoint(new ClientAuthSettings(kind), () -> "7");
    }

    @Test
    void the_stub_answers_a_post_with_the_five_fields_of_valifys_answer() {
        LocalTokenEndpoint stub = endpoint(TokenEndpoint.STUB);
        assertThat(stub.refusal(HttpMethod.POST)).isNull();
        FullHttpResponse answer = stub.token();
        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.content().toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"access_token\":\"valify-proxy-placeholder-7\",\"expires_in\":600,"
                        + "\"token_type\":\"Bearer\",\"scope\":\"\",\"refresh_token\":\"valify-proxy-placeholder-7\"}");
    }

    @Test
    void a_token_answer_is_never_stored() {
        FullHttpResponse answer = endpoint(TokenEndpoint.STUB).token();
        assertThat(answer.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.headers().get("Pragma")).isEqualTo("no-cache");
        assertThat(answer.headers().get("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void no_two_placeholders_are_the_same() {
        LocalTokenEndpoint stub = new LocalTokenEndpoint(new ClientAuthSettings(TokenEndpoint.STUB));
        assertThat(stub.token().content()).isNotEqualTo(stub.token().content());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post"})
    void the_stub_refuses_any_other_method_and_says_which_it_takes(String method) {
        LocalTokenEndpoint stub = endpoint(TokenEndpoint.STUB);
        Failure refusal = stub.refusal(HttpMethod.valueOf(method));
        assertThat(refusal.error()).isEqualTo(ProxyError.METHOD_NOT_ALLOWED);
        FullHttpResponse answer = stub.refused(refusal);
        assertThat(answer.status().code()).isEqualTo(405);
        assertThat(answer.headers().get("Allow")).isEqualTo("POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "OPTIONS"})
    void switched_off_it_is_404_to_every_method(String method) {
        LocalTokenEndpoint off = endpoint(TokenEndpoint.OFF);
        FullHttpResponse answer = off.refused(off.refusal(HttpMethod.valueOf(method)));
        assertThat(answer.status().code()).isEqualTo(404);
        assertThat(answer.headers().contains("Allow")).isFalse();
    }
}
