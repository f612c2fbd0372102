package dev.valifyproxy.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord;
import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.metrics.CallMeters;
import dev.valifyproxy.metrics.ClientMeters;
import dev.valifyproxy.metrics.PoolMeters;
import dev.valifyproxy.metrics.RuntimeMeters;
import dev.valifyproxy.metrics.UpstreamMeters;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintState;
import dev.valifyproxy.token.PoolListener.Waste;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.token.Shortage;
import dev.valifyproxy.upstream.UpstreamStats;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MetricsEndpointTest {

    private static final long MILLI = 1_000_000;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallMeters calls = new CallMeters(registry, () -> 4);
    private final PoolMeters pool = new PoolMeters(registry, "default");
    private final MetricsEndpoint endpoint = new MetricsEndpoint(registry);

    MetricsEndpointTest() {
        pool.bind(() -> new PoolStats(7, 2, 5, 42, MintState.BACKING_OFF, true, null, null, 3));
        UpstreamMeters.bind(registry, "default", () -> new UpstreamStats(5, 2, 40, 3, 7));
        ClientMeters.bind(registry, () -> 64, () -> 3, () -> 2, () -> 4);
        RuntimeMeters.bind(registry, "1.2.3", "epoll");
    }

    @Test
    void calls_are_scraped_under_the_names_of_the_contract() {
        calls.ended(new CallRecord(Outcome.RELAYED, 200, null, 2, 8_000, 300, 80 * MILLI, 60 * MILLI, 7 * MILLI));
        calls.ended(new CallRecord(Outcome.FAILED, 504, ProxyError.UPSTREAM_TIMEOUT, 1, 10, 90, 9 * MILLI, -1, 0));

        assertThat(scrape())
                .contains(
                        "valify_proxy_calls_total{outcome=\"relayed\",status=\"2xx\"} 1.0",
                        "valify_proxy_calls_total{outcome=\"failed\",status=\"5xx\"} 1.0",
                        "valify_proxy_calls_total{outcome=\"abandoned\",status=\"none\"} 0.0",
                        "valify_proxy_errors_total{blame=\"upstream\",error=\"upstream_timeout\"} 1.0",
                        "valify_proxy_errors_total{blame=\"proxy\",error=\"overloaded\"} 0.0",
                        "valify_proxy_call_duration_seconds_bucket{le=\"0.01\"} 1",
                        "valify_proxy_call_duration_seconds_bucket{le=\"0.1\"} 2",
                        "valify_proxy_call_duration_seconds_bucket{le=\"+Inf\"} 2",
                        "valify_proxy_upstream_duration_seconds_count 1",
                        "valify_proxy_token_wait_seconds_count 1",
                        "valify_proxy_second_tries_total 1.0",
                        "valify_proxy_request_body_bytes_total 8010.0",
                        "valify_proxy_response_body_bytes_total 390.0",
                        "valify_proxy_calls_in_progress 4.0",
                        "valify_proxy_client_connections 64.0",
                        "valify_proxy_client_connections_refused_total{limit=\"total\"} 3.0",
                        "valify_proxy_client_connections_refused_total{limit=\"source\"} 2.0",
                        "valify_proxy_client_write_timeouts_total 4.0");
    }

    @Test
    void the_pool_is_scraped_under_the_names_of_the_contract() {
        pool.minted(Duration.ofMillis(150), Duration.ofMinutes(10));
        pool.mintFailed(MintOutcome.Failed.of(MintOutcome.Kind.TIMED_OUT, "nothing came"), Duration.ofSeconds(10));
        pool.wasted(3, Waste.EXPIRED);
        pool.shortage(Shortage.LINE_FULL);
        pool.tokenRejected();

        assertThat(scrape())
                .contains(
                        "valify_proxy_tokens_minted_total{profile=\"default\"} 1.0",
                        "valify_proxy_mint_failures_total{kind=\"timed_out\",profile=\"default\"} 1.0",
                        "valify_proxy_mint_failures_total{kind=\"credentials_refused\",profile=\"default\"} 0.0",
                        "valify_proxy_mint_duration_seconds_count{outcome=\"minted\",profile=\"default\"} 1",
                        "valify_proxy_mint_duration_seconds_count{outcome=\"failed\",profile=\"default\"} 1",
                        "valify_proxy_token_uses_total{profile=\"default\"} 42.0",
                        "valify_proxy_token_uses_wasted_total{profile=\"default\",reason=\"expired\"} 3.0",
                        "valify_proxy_token_uses_ready{profile=\"default\"} 7.0",
                        "valify_proxy_mints_in_flight{profile=\"default\"} 2.0",
                        "valify_proxy_token_waiters{profile=\"default\"} 5.0",
                        "valify_proxy_token_shortages_total{profile=\"default\",reason=\"line_full\"} 1.0",
                        "valify_proxy_tokens_rejected_total{profile=\"default\"} 1.0",
                        "valify_proxy_mint_state{profile=\"default\",state=\"backing_off\"} 1.0",
                        "valify_proxy_mint_state{profile=\"default\",state=\"healthy\"} 0.0");
    }

    @Test
    void upstream_and_process_are_scraped_too() {
        assertThat(scrape())
                .contains(
                        "valify_proxy_upstream_connections{profile=\"default\"} 5.0",
                        "valify_proxy_upstream_connections_idle{profile=\"default\"} 2.0",
                        "valify_proxy_upstream_connections_opened_total{profile=\"default\"} 40.0",
                        "valify_proxy_upstream_connect_failures_total{by=\"upstream\",profile=\"default\"} 3.0",
                        "valify_proxy_upstream_connect_failures_total{by=\"egress_proxy\",profile=\"default\"} 7.0",
                        "valify_proxy_build_info{java=\"" + Runtime.version()
                                + "\",transport=\"epoll\",version=\"1.2.3\"} 1")
                .anyMatch(line -> line.startsWith("valify_proxy_jvm_memory_used_bytes{area=\"heap\"} "))
                .anyMatch(line -> line.startsWith("valify_proxy_jvm_gc_time_seconds_total{"))
                .anyMatch(line -> line.startsWith("valify_proxy_process_cpu_seconds_total "))
                .anyMatch(line -> line.startsWith("valify_proxy_buffer_memory_bytes{area=\"direct\"} "));
    }

    @Test
    void every_sample_begins_with_the_name_of_the_program_and_every_family_has_a_help_text() {
        List<String> lines = scrape();

        assertThat(lines).filteredOn(line -> !line.startsWith("#")).allMatch(line -> line.startsWith("valify_proxy_"));
        assertThat(lines.stream().filter(line -> line.startsWith("# TYPE ")).map(line -> line.split(" ", -1)[2]))
                .isNotEmpty()
                .allSatisfy(family -> assertThat(lines).anyMatch(line -> line.startsWith("# HELP " + family + " ")));
    }

    @Test
    void open_metrics_has_its_own_content_type_and_end() {
        FullHttpResponse answer = endpoint.get(accept("application/openmetrics-text"));

        assertThat(answer.headers().get("content-type"))
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(answer.content().toString(UTF_8))
                .contains("# TYPE valify_proxy_calls counter\n", "# TYPE valify_proxy_build info\n")
                .endsWith("# EOF\n");
    }

    @Test
    void text_has_its_own_content_type_and_no_end() {
        FullHttpResponse answer = endpoint.get(accept("text/plain"));

        assertThat(answer.headers().get("content-type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.content().toString(UTF_8))
                .contains("# TYPE valify_proxy_calls_total counter\n")
                .doesNotContain("# EOF");
    }

    @Test
    void the_answer_says_by_what_it_varies() {
        assertThat(endpoint.get(accept("*/*")).headers().get("vary")).isEqualTo("Accept, Accept-Encoding");
    }

    private List<String> scrape() {
        return endpoint.get(accept("text/plain"))
                .content()
                .toString(UTF_8)
                .lines()
                .toList();
    }

    private static HttpHeaders accept(String value) {
        return new DefaultHttpHeaders().set("accept", value);
    }
}
