package dev.valifyproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.server.settings.ServerConfig;
import dev.valifyproxy.token.MintOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandLineTest {

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "VALIFY_USERNAME", "ann3",
            "VALIFY_PASSWORD", "hunter2",
            "VALIFY_CLIENT_ID", "id4",
            "VALIFY_CLIENT_SECRET", "x5y"));
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<ServerConfig> served = new ArrayList<>();
    private Serving serving = (config, again, guest) -> {
        served.add(config);
        return ExitCode.OK;
    };
    private final Map<String, MintOutcome> outcomes = new HashMap<>();
    private MintOutcome outcome = new MintOutcome.Minted(Secret.of("t0ken"), Duration.ofMinutes(10));

    @TempDir
    private Path folder;

    private int execute(String... args) {
        return Main.commandLine(
                        environment,
                        new Properties(),
                        (config, again, guest) -> serving.serve(config, again, guest),
                        (settings, loop) -> () -> CompletableFuture.completedFuture(
                                outcomes.getOrDefault(settings.tokenUrl().getHost(), outcome)))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "run", "-c FILE", "-c FILE run", "run -c FILE", "run --config FILE", "run --config=FILE"})
    void run_is_the_default_and_the_file_may_be_given_before_or_behind_it(String line) throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), "valify-proxy.server.port = 7");
        String[] args = line.isEmpty()
                ? new String[0]
                : line.replace("FILE", file.toString()).split(" ");

        assertThat(execute(args)).isZero();
        assertThat(served).hasSize(1);
        assertThat(served.get(0).proxy().listener().port()).isEqualTo(line.contains("FILE") ? 7 : 8080);
    }

    @Test
    void what_runs_can_read_its_configuration_anew() throws IOException {
        environment.remove("VALIFY_PASSWORD");
        Path password = Files.writeString(folder.resolve("password"), "hunter2");
        environment.put("VALIFY_PASSWORD_FILE", password.toString());
        serving = (config, again, guest) -> {
            assertThat(config.secretFiles()).containsExactly(password);
            write(password, "hunter3");
            served.add(again.get());
            return ExitCode.OK;
        };

        assertThat(execute("run")).isZero();
        assertThat(served.get(0)
                        .proxy()
                        .profiles()
                        .get(0)
                        .oauth()
                        .credentials()
                        .password()
                        .reveal())
                .isEqualTo("hunter3");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_failure_while_running_is_exit_code_1() {
        serving = (config, again, guest) -> ExitCode.FAILURE;

        assertThat(execute("run")).isEqualTo(1);
    }

    @Test
    void a_failure_that_is_thrown_is_told_in_one_sentence() {
        serving = (config, again, guest) -> {
            throw new UncheckedIOException(new BindException("cannot listen on 0.0.0.0:8080: address already in use"));
        };

        assertThat(execute("run")).isEqualTo(1);
        assertThat(err).hasToString("cannot listen on 0.0.0.0:8080: address already in use\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check"})
    void problems_of_the_configuration_come_a_line_each_and_exit_code_2(String command) {
        environment.remove("VALIFY_PASSWORD");
        environment.put("PROXY_PORT", "none");

        assertThat(execute(command)).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "valify-proxy.server.port = none (environment variable PROXY_PORT): must be a whole number, 0 to 65535",
                        "valify-proxy.token.password is missing: set VALIFY_PASSWORD, or VALIFY_PASSWORD_FILE to the path of a"
                                + " file that holds it");
        assertThat(served).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            frob                       | Unmatched argument at index 0: 'frob'              | valify-proxy
            run --frob                 | Unknown option: '--frob'                           | valify-proxy run
            check -c                   | Missing required parameter for option '--config' (FILE) | valify-proxy check
            sandbox --port x           | Invalid value for option '--port': 'x' is not an int | valify-proxy sandbox
            sandbox --port 65536       | --port = 65536: must be 0 to 65535                 | valify-proxy sandbox
            sandbox --uses-per-token 0 | --uses-per-token = 0: must be at least 1           | valify-proxy sandbox
            sandbox --token-lifetime 9ms | --token-lifetime: must be at least 1s            | valify-proxy sandbox
            sandbox --mint-latency 5   | Invalid value for option '--mint-latency': '5' is not a whole number with a unit, such as 150ms or 2s | valify-proxy sandbox
            sandbox --mint-latency 5q  | Invalid value for option '--mint-latency': '5q' is not a whole number with a unit, such as 150ms or 2s | valify-proxy sandbox
            """)
    void misuse_is_told_in_one_sentence_with_where_to_read_on(String line, String sentence, String command) {
        assertThat(execute(line.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly(sentence, "Try " + command + " --help");
        assertThat(out).hasToString("");
    }

    @Test
    void a_misspelt_command_is_told_the_right_one() {
        assertThat(execute("sandbx")).isEqualTo(2);
        assertThat(err.toString()).contains("Did you mean", "sandbox");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run ", "check ", "sandbox ", "version "})
    void every_command_has_its_help(String command) {
        assertThat(execute((command + "--help").split(" "))).isZero();
        assertThat(out.toString()).startsWith("Usage: valify-proxy " + command).contains("--config=FILE", "--help");
        assertThat(served).isEmpty();
    }

    @Test
    void check_says_that_the_credentials_work() {
        assertThat(execute("check")).isZero();
        assertThat(out)
                .hasToString(
                        "The credentials work: https://valifystage.com/api/o/token/ gave a token that lives 600 s.\n");
        assertThat(served).isEmpty();
    }

    @Test
    void check_says_that_the_credentials_do_not_work() {
        outcome = MintOutcome.Failed.of(
                MintOutcome.Kind.CREDENTIALS_REFUSED,
                "the token URL https://valifystage.com answered 400: invalid_grant");

        assertThat(execute("check")).isEqualTo(1);
        assertThat(err)
                .hasToString(
                        "The credentials do not work: the token URL https://valifystage.com answered 400: invalid_grant\n");
    }

    @Test
    void check_says_why_no_token_came_and_never_shows_the_query_of_the_url() {
        environment.put("VALIFY_TOKEN_URL", "https://id.example:8443/token?key=hunter2");
        outcome = MintOutcome.Failed.of(MintOutcome.Kind.SERVER_ERROR, "the token URL answered 404");

        assertThat(execute("check")).isEqualTo(1);
        assertThat(err).hasToString("No token from https://id.example:8443/token: the token URL answered 404\n");
    }

    @Test
    void check_tries_each_profile_and_says_in_a_line_whether_its_credentials_work() throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), """
                valify-proxy.profiles {
                  a { match.host = a, upstream.base-url = "https://a.example" }
                  b { match.host = b, upstream.base-url = "https://b.example" }
                }""");
        outcomes.put("a.example", MintOutcome.Failed.of(MintOutcome.Kind.CREDENTIALS_REFUSED, "invalid_grant"));

        assertThat(execute("check", "-c", file.toString())).isEqualTo(1);
        assertThat(err).hasToString("a: The credentials do not work: invalid_grant\n");
        assertThat(out.toString().lines())
                .containsExactly(
                        "default: The credentials work: https://valifystage.com/api/o/token/ gave a token that lives 600 s.",
                        "b: The credentials work: https://b.example/api/o/token/ gave a token that lives 600 s.");
    }

    @Test
    void the_line_of_the_start_names_profiles_only_where_there_are_several() throws IOException {
        Path file = Files.writeString(
                folder.resolve("my.conf"),
                "valify-proxy.profiles.b { match.host = b, upstream.base-url = \"https://b.example\", token.floor = 9 }");
        execute("run");
        execute("run", "-c", file.toString());

        String alone = "upstream https://valifystage.com, tokens: 3 uses each, 3 kept ready, at most 128 mints at once";
        assertThat(served)
                .extracting(config -> Lifecycle.described(config.proxy().profiles()))
                .containsExactly(
                        alone,
                        "profile default: " + alone + "; profile b: upstream https://b.example, tokens: 3 uses each,"
                                + " 9 kept ready, at most 128 mints at once");
    }

    @Test
    void the_line_of_the_start_says_through_which_egress_proxy_and_not_by_which_credentials() throws IOException {
        Path file = Files.writeString(
                folder.resolve("my.conf"), "valify-proxy.upstream { proxy = \"http://bob:pw6@egress:3128\" }");
        execute("run", "-c", file.toString());
        Path direct = Files.writeString(
                folder.resolve("direct.conf"),
                "valify-proxy { upstream { proxy = \"http://bob:pw6@egress:3128\" }, token.url = \"http://localhost/t\" }");
        execute("run", "-c", direct.toString());

        assertThat(served)
                .extracting(config -> Lifecycle.described(config.proxy().profiles()))
                .containsExactly(
                        "upstream https://valifystage.com through the egress proxy egress:3128, tokens through the egress"
                                + " proxy egress:3128: 3 uses each, 3 kept ready, at most 128 mints at once",
                        "upstream https://valifystage.com through the egress proxy egress:3128, tokens: 3 uses each,"
                                + " 3 kept ready, at most 128 mints at once");
    }

    @Test
    void version_says_what_this_is_and_what_it_runs_on() {
        assertThat(execute("version")).isZero();
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("valify-proxy [0-9]+\\.[0-9]+\\.[0-9]+"),
                        line -> assertThat(line).startsWith("Java " + Runtime.version()),
                        line -> assertThat(line).matches("transports: .*nio"));
    }
}
