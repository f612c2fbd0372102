package dev.valifyproxy.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.StatusReport;
import dev.valifyproxy.StatusReport.ProfileStatus;
import dev.valifyproxy.Version;
import dev.valifyproxy.token.MintLimit;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintState;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.upstream.UpstreamStats;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StatusEndpointTest {

    private Health readiness = new Health(true, "ready");
    private PoolStats pool = new PoolStats(7, 2, 5, 4_000_000_000L, MintState.HEALTHY, true, null, null, 3);
    private final StatusEndpoint endpoint = new StatusEndpoint(() -> new Status(
            Duration.ofMillis(90_999), "epoll", readiness, new StatusReport(3, 64, 5_000_000_000L, profiles())));

    private List<ProfileStatus> profiles() {
        return List.of(
                new ProfileStatus(
                        "default", pool, URI.create("https://valify.bank.example"), new UpstreamStats(5, 2, 40, 1, 7)),
                new ProfileStatus(
                        "staging",
                        new PoolStats(0, 0, 0, 0, MintState.UNPROVEN, false, null, null, 3),
                        URI.create("https://valifystage.com"),
                        new UpstreamStats(0, 0, 0, 0, 0)));
    }

    private String json() throws IOException {
        FullHttpResponse answer = endpoint.get(new DefaultHttpHeaders());
        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.headers().get("content-type")).isEqualTo("application/json");
        return answer.content().toString(UTF_8);
    }

    @Test
    void every_number_stands_under_its_name() throws IOException {
        assertThat(json())
                .isEqualTo("{\"name\":\"valify-proxy\",\"version\":\"" + Version.current() + "\",\"uptime_seconds\":90,"
                        + "\"transport\":\"epoll\",\"ready\":true,\"reason\":\"ready\",\"calls_in_progress\":3,"
                        + "\"client_connections\":64,\"replay_memory_bytes\":5000000000,\"profiles\":{\"default\":{"
                        + "\"tokens\":{\"state\":\"healthy\",\"proven\":true,\"uses_per_token\":3,\"ready_uses\":7,\"uses_taken\":4000000000,"
                        + "\"mints_in_flight\":2,\"waiters\":5,\"limit\":null,\"last_failure\":null},"
                        + "\"upstream\":{\"url\":\"https://valify.bank.example\",\"connections\":5,\"idle_connections\":2,"
                        + "\"connections_opened\":40,\"connect_failures\":1,\"egress_proxy_failures\":7}},\"staging\":{"
                        + "\"tokens\":{\"state\":\"unproven\",\"proven\":false,\"uses_per_token\":3,\"ready_uses\":0,\"uses_taken\":0,"
                        + "\"mints_in_flight\":0,\"waiters\":0,\"limit\":null,\"last_failure\":null},"
                        + "\"upstream\":{\"url\":\"https://valifystage.com\",\"connections\":0,\"idle_connections\":0,"
                        + "\"connections_opened\":0,\"connect_failures\":0,\"egress_proxy_failures\":0}}}}\n");
    }

    @Test
    void what_is_amiss_is_told_and_the_answer_is_still_200() throws IOException {
        readiness = new Health(false, "the credentials are refused: \"no\"");
        pool = new PoolStats(
                0,
                0,
                0,
                0,
                MintState.CREDENTIALS_REFUSED,
                false,
                MintOutcome.Failed.of(MintOutcome.Kind.CREDENTIALS_REFUSED, "the token URL answered 400"),
                MintLimit.MAX_TOKENS,
                2);

        assertThat(json())
                .contains(
                        "\"ready\":false,\"reason\":\"the credentials are refused: \\\"no\\\"\"",
                        "\"state\":\"credentials_refused\",\"proven\":false,\"uses_per_token\":2",
                        "\"limit\":\"token.max-tokens\"",
                        "\"last_failure\":{\"kind\":\"credentials_refused\",\"reason\":\"the token URL answered 400\"}");
    }
}
