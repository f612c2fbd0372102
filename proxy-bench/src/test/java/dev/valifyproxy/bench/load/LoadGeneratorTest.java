package dev.valifyproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.Proxy;
import dev.valifyproxy.config.ProxyConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadGeneratorTest {

    private final StrictUpstream upstream = new StrictUpstream(StrictUpstream.Settings.DEFAULT);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() {
        upstream.close();
    }

    @Test
    void calls_through_the_proxy_are_verified_with_the_upstreams_ledger() throws Exception {
        try (Proxy proxy = Proxy.builder(config("")).start()) {
            int status = load(
                    "--rate",
                    "300",
                    "--seconds",
                    "1",
                    "--warm-up",
                    "1",
                    "--ledger",
                    upstream.uri().toString(),
                    proxy.uri().resolve("/api/v1.5/ocr/").toString());

            assertThat(err.toString()).isEmpty();
            assertThat(status).isZero();
            JsonNode report = new ObjectMapper().readTree(out.toString());
            assertThat(report.get("right").longValue()).isEqualTo(600);
            assertThat(report.get("calls").longValue()).isEqualTo(300);
            assertThat(report.get("accepted").longValue()).isEqualTo(600);
            assertThat(report.get("refused").longValue()).isZero();
            assertThat(report.get("minted").longValue()).isBetween(190L, 600L);
            assertThat(report.get("p99_us").doubleValue())
                    .isBetween(
                            report.get("p50_us").doubleValue(),
                            report.get("max_us").doubleValue());
        }
    }

    @Test
    void a_proxy_that_uses_tokens_too_often_is_told_by_the_ledger() throws Exception {
        try (Proxy proxy = Proxy.builder(config("token.max-uses = 4")).start()) {
            load(
                    "--rate",
                    "300",
                    "--seconds",
                    "1",
                    "--ledger",
                    upstream.uri().toString(),
                    proxy.uri().resolve("/api/v1.5/ocr/").toString());

            assertThat(new ObjectMapper()
                            .readTree(out.toString())
                            .get("refused")
                            .longValue())
                    .isPositive();
        }
    }

    @Test
    void wrong_answers_fail_the_run() {
        int status = load(
                "--seconds",
                "1",
                "--warm-up",
                "0",
                "--rate",
                "10",
                upstream.uri().resolve("/api/x").toString());

        assertThat(status).isOne();
        assertThat(err.toString()).contains("10 answers were wrong");
        assertThat(out.toString()).contains("\"wrong_status\":10");
    }

    @Test
    void answers_that_took_no_token_fail_the_run() {
        int status = load(
                "--seconds",
                "1",
                "--warm-up",
                "0",
                "--rate",
                "10",
                "--ledger",
                upstream.uri().toString(),
                upstream.uri().resolve("/plain/x").toString());

        assertThat(status).isOne();
        assertThat(err.toString()).contains("answered without a use of a token: 10");
    }

    @Test
    void a_url_that_cannot_be_called_is_a_wrong_command_line() {
        assertThat(load("https://127.0.0.1:1/")).isEqualTo(2);
        assertThat(load("http://127.0.0.1/")).isEqualTo(2);
        assertThat(load("--rate", "0", "http://127.0.0.1:1/")).isEqualTo(2);
    }

    private ProxyConfig config(String more) {
        Map<String, String> values = Map.of(
                "upstream.base-url", upstream.uri().toString(),
                "server.bind", "127.0.0.1",
                "server.port", "0",
                "token.username", "u",
                "token.password", "p",
                "token.client-id", "i",
                "token.client-secret", "s");
        return ProxyConfig.from(ConfigFactory.parseString("valify-proxy { " + more + " }")
                .withFallback(ConfigFactory.parseMap(values).atPath("valify-proxy"))
                .withFallback(ConfigFactory.load()));
    }

    private int load(String... arguments) {
        CommandLine command = LoadGenerator.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
