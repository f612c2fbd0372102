package dev.valifyproxy.server;

import static java.util.stream.Collectors.toMap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxCredentials;
import dev.valifyproxy.sandbox.SandboxSettings;
import dev.valifyproxy.server.settings.ConfigLoader;
import dev.valifyproxy.server.settings.Logging;
import dev.valifyproxy.server.settings.ServerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A demonstration on this machine alone: the look-alike of Valify, and the proxy in front of it. */
@Command(
        name = "sandbox",
        description = {
            "Start a look-alike of Valify and the proxy in front of it, to try calls without credentials.",
            "Credentials, URLs and profiles of the configuration, and VALIFY_* variables, are not used."
        })
final class SandboxCommand implements Callable<Integer> {

    /** What only a demonstration starts from: a machine's other users and its network have no part in it. */
    private static final Config LOOPBACK =
            ConfigFactory.parseString("valify-proxy { server.bind = \"127.0.0.1\", admin.bind = \"127.0.0.1\" }");

    /** What would lead past the look-alike, or stand beside its credentials. */
    private static final Config NOTHING_REAL = ConfigFactory.parseString("""
            valify-proxy {
              profiles = null
              token { username-file = null, password-file = null, client-id-file = null, client-secret-file = null }
            }""");

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where the look-alike listens; the proxy stays on PROXY_PORT. Default: any free port.")
    private int port;

    @Option(
            names = "--uses-per-token",
            paramLabel = "N",
            description = "Calls the look-alike allows a token. Default: ${DEFAULT-VALUE}.")
    private int usesPerToken = 3;

    @Option(
            names = "--token-lifetime",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long its tokens live. Default: 600s.")
    private Duration tokenLifetime = Duration.ofMinutes(10);

    @Option(
            names = "--mint-latency",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long it takes to issue one. Default: 0s.")
    private Duration mintLatency = Duration.ZERO;

    @Option(
            names = "--call-latency",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long it takes to answer a call. Default: 0s.")
    private Duration callLatency = Duration.ZERO;

    @Option(
            names = "--calls",
            paramLabel = "N",
            description =
                    "Make N calls through the proxy, look at its admin pages, and end. Default: serve until told to stop.")
    private @Nullable Integer calls;

    @Spec
    private CommandSpec spec;

    private final CommonOptions options;
    private final ConfigLoader loader;
    private final Serving serving;

    @SuppressWarnings("NullAway.Init") // picocli injects spec before it calls
    SandboxCommand(
            CommonOptions options, Map<String, String> environment, Properties systemProperties, Serving serving) {
        this.options = options;
        this.loader = new ConfigLoader(withoutValify(environment), systemProperties);
        this.serving = serving;
    }

    private static Map<String, String> withoutValify(Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(variable -> !variable.getKey().startsWith("VALIFY_"))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public Integer call() {
        try (Sandbox sandbox =
                Sandbox.builder().port(port).settings(settings()).build().start()) {
            sandbox.faults().mintLatency(mintLatency);
            sandbox.faults().callLatency(callLatency);
            ServerConfig settings = load(sandbox.uri());
            Logging.apply(settings.log());
            return serving.serve(
                            settings,
                            () -> load(sandbox.uri()),
                            (proxy, adminPort) -> visit(sandbox.uri(), proxy, adminPort))
                    .code();
        }
    }

    private ServerConfig load(URI sandbox) {
        return loader.load(options.file(), overlay(sandbox), LOOPBACK);
    }

    private SandboxSettings settings() {
        require(port >= 0 && port <= 65_535, "--port = " + port + ": must be 0 to 65535");
        require(usesPerToken >= 1, "--uses-per-token = " + usesPerToken + ": must be at least 1");
        require(tokenLifetime.toSeconds() >= 1, "--token-lifetime: must be at least 1s");
        require(calls == null || calls >= 1, "--calls = " + calls + ": must be at least 1");
        SandboxSettings defaults = SandboxSettings.defaults().withRecordedCalls(0);
        return defaults.withUses(usesPerToken, defaults.useScope()).withLifetime(tokenLifetime, defaults.nanoTime());
    }

    private void require(boolean holds, String sentence) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), sentence);
        }
    }

    /** What makes the proxy call the look-alike and nothing else. */
    private static Config overlay(URI sandbox) {
        SandboxCredentials credentials = SandboxCredentials.DEMO;
        Config lookAlike = ConfigFactory.parseMap(
                Map.of(
                        "valify-proxy.upstream.base-url", sandbox.toString(),
                        "valify-proxy.token.url",
                                sandbox.resolve("/api/o/token/").toString(),
                        "valify-proxy.token.username", credentials.username(),
                        "valify-proxy.token.password", credentials.password(),
                        "valify-proxy.token.client-id", credentials.clientId(),
                        "valify-proxy.token.client-secret", credentials.clientSecret()),
                "sandbox");
        return lookAlike.withFallback(NOTHING_REAL);
    }

    private boolean visit(URI sandbox, URI proxy, int adminPort) {
        if (calls == null) {
            greet(sandbox, proxy);
            return true;
        }
        Rehearsal rehearsal = new Rehearsal(proxy, adminPort);
        try {
            rehearsal.call("/api/v1.5/ocr/", exampleBody(), calls);
            rehearsal.lookAtAdminPages();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        spec.commandLine().getOut().println("Calls answered: " + calls);
        return false;
    }

    private void greet(URI sandbox, URI proxy) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("A look-alike of Valify answers at " + sandbox + ", the proxy in front of it at " + proxy);
        out.println("Nothing leaves this machine. Try:");
        out.println();
        out.println("curl -sS " + proxy.resolve("/api/v1.5/ocr/") + " -H 'Content-Type: application/json' -d '"
                + exampleBody() + "'");
        out.println();
        out.flush();
    }

    static String exampleBody() {
        return "{\"document_type\":\"egy_nid\",\"data\":{\"front_img\":\"ZnJvbnQ=\",\"back_img\":\"YmFjaw==\","
                + "\"bundle_key\":\"" + SandboxSettings.DEMO_BUNDLE_KEY + "\",\"lang\":\"en\"}}";
    }
}
