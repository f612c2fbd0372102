package dev.valifyproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.ErrorResponse.Performed;
import io.netty.handler.codec.http.FullHttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ErrorResponseTest {

    @Test
    void every_code_has_the_status_and_type_of_the_contract() {
        Map<String, String> table = new TreeMap<>();
        for (ProxyError error : ProxyError.values()) {
            table.merge(error.code(), error.status().code() + " " + error.proxyStatusType(), (a, b) -> a + ", " + b);
        }
        assertThat(table)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("bad_request", "400 http_request_error"),
                        Map.entry("request_timeout", "408 http_request_error"),
                        Map.entry("body_too_large", "413 http_request_error"),
                        Map.entry("uri_too_long", "414 http_request_error"),
                        Map.entry("head_too_large", "431 http_request_error"),
                        Map.entry("not_found", "404 http_request_error"),
                        Map.entry("method_not_allowed", "405 http_request_error"),
                        Map.entry("not_supported", "501 http_request_error, 505 http_request_error"),
                        Map.entry("upstream_unreachable", "502 connection_refused"),
                        Map.entry("upstream_reset", "502 connection_terminated"),
                        Map.entry("upstream_malformed", "502 http_protocol_error"),
                        Map.entry("credentials_rejected", "502 proxy_configuration_error"),
                        Map.entry("token_unavailable", "503 proxy_internal_response"),
                        Map.entry("overloaded", "503 proxy_internal_response"),
                        Map.entry("draining", "503 proxy_internal_response"),
                        Map.entry("upstream_timeout", "504 http_response_timeout"),
                        Map.entry("internal_error", "500 proxy_internal_error")));
    }

    @Test
    void the_body_tells_the_message_the_code_and_whether_the_call_may_have_been_performed() {
        Failure failure = Failure.of(ProxyError.UPSTREAM_RESET, "It \"broke\".");
        FullHttpResponse response = ErrorResponse.of(failure, Performed.UNKNOWN);

        assertThat(response.content().toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"message\":\"It \\\"broke\\\".\",\"proxy_error\":\"upstream_reset\",\"performed\":\"unknown\"}");
        assertThat(response.headers().get("Proxy-Status")).isEqualTo("valify-proxy; error=connection_terminated");
        assertThat(response.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(response.headers().getInt("Content-Length"))
                .isEqualTo(response.content().readableBytes());
    }

    @ParameterizedTest
    @EnumSource(ProxyError.class)
    void a_503_and_no_other_asks_for_a_pause_of_at_least_a_second(ProxyError error) {
        String pause =
                ErrorResponse.of(Failure.of(error, "x"), Performed.NO).headers().get("Retry-After");
        assertThat(pause).isEqualTo(error.status().code() == 503 ? "1" : null);
    }
}
