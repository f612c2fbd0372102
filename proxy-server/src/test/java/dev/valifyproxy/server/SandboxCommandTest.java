package dev.valifyproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.oauth.Credentials;
import dev.valifyproxy.oauth.OAuthTokenSource;
import dev.valifyproxy.server.settings.ServerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SandboxCommandTest {

    private static final URI PROXY = URI.create("http://127.0.0.1:8080");

    private final Map<String, String> environment = new HashMap<>();
    private final Properties systemProperties = new Properties();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    /** What a test does in the place of the proxy, while the sandbox runs. */
    private interface Visit {
        void to(ServerConfig config) throws IOException, InterruptedException;
    }

    private int sandbox(Visit visit, String... args) {
        return Main.commandLine(
                        environment,
                        systemProperties,
                        (config, again, guest) -> {
                            guest.welcome(PROXY, 9090);
                            try {
                                visit.to(config);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return ExitCode.OK;
                        },
                        (settings, loop) -> {
                            throw new AssertionError("the sandbox command asks for no token itself");
                        })
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private HttpResponse<String> mint(ServerConfig config) throws IOException, InterruptedException {
        Credentials credentials = only(config).oauth().credentials();
        String form = Map.of(
                        "grant_type", "password",
                        "username", credentials.username().reveal(),
                        "password", credentials.password().reveal(),
                        "client_id", credentials.clientId().reveal(),
                        "client_secret", credentials.clientSecret().reveal())
                .entrySet()
                .stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return client.send(
                HttpRequest.newBuilder(only(config).oauth().tokenUrl())
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String find(String regex, String text) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    private static ProfileConfig only(ServerConfig config) {
        assertThat(config.proxy().profiles()).hasSize(1);
        return config.proxy().profiles().get(0);
    }

    @Test
    void a_taken_port_of_the_look_alike_is_told_in_one_sentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int exit = sandbox(config -> {}, "sandbox", "--port", String.valueOf(taken.getLocalPort()));

            assertThat(exit).isEqualTo(1);
            assertThat(err)
                    .hasToString("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use\n");
        }
    }

    @Test
    void the_proxy_is_pointed_at_the_sandbox_with_credentials_that_work() {
        int code = sandbox(
                config -> {
                    assertThat(only(config).upstream().baseUrl().getHost()).isEqualTo("127.0.0.1");
                    assertThat(mint(config).statusCode()).isEqualTo(200);
                },
                "sandbox");

        assertThat(code).isZero();
    }

    @Test
    void the_printed_call_is_one_that_the_sandbox_answers() {
        int code = sandbox(
                config -> {
                    String line = find("(?m)^curl (.*)$", out.toString());
                    assertThat(line).startsWith("-sS http://127.0.0.1:8080/api/v1.5/ocr/ ");
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(
                                            only(config).upstream().baseUrl().resolve("/api/v1.5/ocr/"))
                                    .header(
                                            "Authorization",
                                            "Bearer "
                                                    + find(
                                                            "\"access_token\": ?\"([^\"]+)\"",
                                                            mint(config).body()))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(find("-d '(.*)'$", line)))
                                    .build(),
                            BodyHandlers.ofString());
                    assertThat(answer.body()).contains("transaction_id");
                    assertThat(answer.statusCode()).isEqualTo(200);
                },
                "sandbox");

        assertThat(code).as(err.toString()).isZero();
    }

    @Test
    void valify_variables_and_credentials_and_profiles_of_the_file_are_not_used() throws IOException {
        environment.put("VALIFY_BASE_URL", "https://valifystage.com");
        environment.put("VALIFY_PASSWORD", "hunter2");
        environment.put("VALIFY_USERNAME_FILE", "/none");
        environment.put("HTTPS_PROXY", "http://egress:3128");
        Path file = Files.writeString(folder.resolve("my.conf"), """
                valify-proxy {
                  upstream.base-url = "https://real.example"
                  token { password-file = /none, client-id = hunter2, max-uses = 2 }
                  profiles.staging { match.host = s, upstream.base-url = "https://real.example", token.password-file = /none }
                }""");
        int code = sandbox(
                config -> {
                    assertThat(only(config).pool().maxUses()).isEqualTo(2);
                    assertThat(mint(config).statusCode()).isEqualTo(200);
                },
                "sandbox",
                "-c",
                file.toString());

        assertThat(code).as(err.toString()).isZero();
    }

    @Test
    void both_ports_are_on_loopback_unless_the_user_says_otherwise() {
        sandbox(
                config -> {
                    assertThat(config.proxy().listener().bind()).isEqualTo("127.0.0.1");
                    assertThat(config.proxy().listener().port()).isEqualTo(8080);
                    assertThat(config.admin().bind()).isEqualTo("127.0.0.1");
                },
                "sandbox");
        environment.putAll(Map.of("PROXY_BIND", "0.0.0.0", "PROXY_PORT", "8081"));
        int code = sandbox(
                config -> {
                    assertThat(config.proxy().listener().bind()).isEqualTo("0.0.0.0");
                    assertThat(config.proxy().listener().port()).isEqualTo(8081);
                },
                "sandbox");

        assertThat(code).as(err.toString()).isZero();
    }

    @Test
    void flags_shape_the_look_alike() {
        int code = sandbox(
                config -> assertThat(
                                find("\"expires_in\": ?([0-9]+)", mint(config).body()))
                        .isEqualTo("20"),
                "sandbox",
                "--token-lifetime",
                "20s",
                "--uses-per-token",
                "1",
                "--mint-latency",
                "1ms",
                "--call-latency",
                "1ms");

        assertThat(code).as(err.toString()).isZero();
    }

    @Test
    void a_port_that_is_taken_is_told() {
        int code = sandbox(
                config -> assertThat(sandbox(
                                nested -> {},
                                "sandbox",
                                "--port",
                                "" + only(config).upstream().baseUrl().getPort()))
                        .isEqualTo(1),
                "sandbox");

        assertThat(code).isZero();
        assertThat(err.toString()).startsWith("cannot listen on ");
    }

    @Test
    void asked_for_some_calls_it_makes_them_through_the_proxy_and_ends() {
        environment.putAll(Map.of("PROXY_PORT", "0", "PROXY_ADMIN_PORT", "0"));

        int code = withProxy("sandbox", "--calls", "7"); // more than two tokens serve

        assertThat(code).as(err.toString()).isZero();
        assertThat(out).hasToString("Calls answered: 7\n");
    }

    @Test
    void no_calls_are_none_to_make() {
        assertThat(sandbox(config -> {}, "sandbox", "--calls", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--calls = 0: must be at least 1");
    }

    @Test
    void calls_that_are_not_answered_well_are_a_failure() {
        environment.putAll(Map.of("PROXY_PORT", "0", "PROXY_ADMIN_PORT", "0"));

        systemProperties.setProperty("valify-proxy.token.acquire-timeout", "10 ms");

        int code = withProxy("sandbox", "--calls", "1", "--mint-latency", "30s");

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).endsWith("/api/v1.5/ocr/ answered 503\n");
    }

    private int withProxy(String... args) {
        return Main.commandLine(environment, systemProperties, Lifecycle::run, OAuthTokenSource::new)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
