package dev.valifyproxy.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import java.io.IOException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HealthEndpointTest {

    private Health health = new Health(true, "a token is ready");
    private final HealthEndpoint live = HealthEndpoint.live(() -> health);
    private final HealthEndpoint ready = HealthEndpoint.ready(() -> health);

    @Test
    void live_says_so() throws IOException {
        assertAnswer(live, 200, "{\"status\":\"live\"}\n");
    }

    @Test
    void stuck_is_503_with_the_reason() throws IOException {
        health = new Health(false, "an event loop has not turned for 10 s");

        assertAnswer(live, 503, "{\"status\":\"stuck\",\"reason\":\"an event loop has not turned for 10 s\"}\n");
    }

    @Test
    void ready_says_why_it_is() throws IOException {
        assertAnswer(ready, 200, "{\"ready\":true,\"reason\":\"a token is ready\"}\n");
    }

    @Test
    void not_ready_is_503_with_the_reason() throws IOException {
        health = new Health(false, "draining");

        assertAnswer(ready, 503, "{\"ready\":false,\"reason\":\"draining\"}\n");
    }

    @Test
    void the_state_is_asked_for_at_each_probe() throws IOException {
        ready.get(new DefaultHttpHeaders());
        health = new Health(false, "no token yet");

        assertThat(ready.get(new DefaultHttpHeaders()).status().code()).isEqualTo(503);
    }

    @Test
    void a_reason_is_escaped() throws IOException {
        health = new Health(true, "the issuer says \"no\"\n\\ –");

        assertAnswer(ready, 200, "{\"ready\":true,\"reason\":\"the issuer says \\\"no\\\"\\n\\\\ –\"}\n");
    }

    private static void assertAnswer(HealthEndpoint endpoint, int status, String body) throws IOException {
        FullHttpResponse answer = endpoint.get(new DefaultHttpHeaders());
        assertThat(answer.status().code()).isEqualTo(status);
        assertThat(answer.headers().get("content-type")).isEqualTo("application/json");
        assertThat(answer.content().toString(UTF_8)).isEqualTo(body);
    }
}
