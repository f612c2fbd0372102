package dev.valifyproxy.server.e2e;

import dev.valifyproxy.Proxy;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxCredentials;
import dev.valifyproxy.sandbox.SandboxSettings;
import dev.valifyproxy.server.log.MintLog;
import dev.valifyproxy.server.settings.ConfigLoader;
import dev.valifyproxy.server.settings.CredentialsWatcher;
import dev.valifyproxy.server.settings.ServerConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.ResourceLeakDetector;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;

/** A proxy in front of the sandbox, configured as the program is: by variables and system properties. */
final class Installation implements AutoCloseable {

    static final String OCR = "{\"document_type\":\"egy_nid\",\"data\":{\"front_img\":\"ZnJvbnQ=\",\"bundle_key\":\""
            + SandboxSettings.DEMO_BUNDLE_KEY + "\",\"lang\":\"en\"}}";

    final Sandbox sandbox;
    final Proxy proxy;

    /** Looks when a test says so. */
    final CredentialsWatcher credentials;

    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private Installation(Sandbox sandbox, Map<String, String> environment, Map<String, String> properties) {
        assert ResourceLeakDetector.getLevel() == ResourceLeakDetector.Level.PARANOID : "run tests as the build does";
        this.sandbox = sandbox;
        Properties system = new Properties();
        properties.forEach((key, value) -> system.setProperty("valify-proxy." + key, value));
        ConfigLoader loader = new ConfigLoader(environment, system);
        ServerConfig config = loader.load(null);
        this.proxy = Proxy.builder(config.proxy())
                .meterRegistry(meters)
                .poolListener("default", new MintLog("default", Clock.systemUTC()))
                .start();
        this.credentials =
                new CredentialsWatcher(config.secretFiles(), () -> loader.load(null), proxy::switchCredentials);
    }

    static Installation start() {
        return start(Map.of(), Map.of());
    }

    static Installation start(Map<String, String> environment, Map<String, String> properties) {
        return inFrontOf(
                Sandbox.builder().port(0).settings(SandboxSettings.defaults()).build(), environment, properties);
    }

    /** In front of this sandbox, which is started and closed with it; the variables given win over those it needs. */
    static Installation inFrontOf(Sandbox sandbox, Map<String, String> environment, Map<String, String> properties) {
        sandbox.start();
        SandboxCredentials credentials = SandboxCredentials.DEMO;
        Map<String, String> all = new HashMap<>(Map.of(
                "VALIFY_BASE_URL", sandbox.uri().toString(),
                "VALIFY_USERNAME", credentials.username(),
                "VALIFY_PASSWORD", credentials.password(),
                "VALIFY_CLIENT_ID", credentials.clientId(),
                "VALIFY_CLIENT_SECRET", credentials.clientSecret(),
                "PROXY_BIND", "127.0.0.1",
                "PROXY_PORT", "0"));
        all.putAll(environment);
        return new Installation(sandbox, all, properties);
    }

    URI uri(String path) {
        return URI.create(proxy.uri() + path);
    }

    /** Waits for something that happens on another thread; fails a test that waits in vain. */
    static void await(String what, BooleanSupplier condition) {
        long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > patience) {
                throw new AssertionError("waited in vain until " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        credentials.close();
        proxy.close();
        sandbox.close();
    }
}
