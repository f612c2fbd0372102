package dev.valifyproxy.bench.soak;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.Proxy;
import dev.valifyproxy.StatusReport;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxCredentials;
import dev.valifyproxy.sandbox.SandboxSettings;
import dev.valifyproxy.sandbox.TokenLedger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** The proxy in front of the sandbox, in this process. */
final class Rig implements AutoCloseable {

    private static final int LARGE_ANSWER = 1024 * 1024;
    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 10_000_000;

    private final Sandbox sandbox;
    private final Proxy proxy;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FaultMix faults;
    private final SplittableRandom random;

    /** Starts both; what the upstream sees is entered in the book. */
    Rig(SoakSettings settings, Book book, SplittableRandom random) {
        this.faults = settings.faults();
        this.random = random;
        SandboxSettings valify = SandboxSettings.defaults()
                .withLifetime(TOKEN_LIFETIME, System::nanoTime)
                .withLargeAnswerBytes(LARGE_ANSWER)
                .withRecordedCalls(0);
        sandbox = Sandbox.builder()
                .settings(valify)
                .callListener(book::seen)
                .build()
                .start();
        proxy = Proxy.builder(ProxyConfig.from(config(settings)))
                .meterRegistry(registry)
                .start();
    }

    private Config config(SoakSettings settings) {
        SandboxCredentials credentials = SandboxCredentials.DEMO;
        Map<String, String> theirs = Map.of(
                "valify-proxy.upstream.base-url", sandbox.uri().toString(),
                "valify-proxy.token.username", credentials.username(),
                "valify-proxy.token.password", credentials.password(),
                "valify-proxy.token.client-id", credentials.clientId(),
                "valify-proxy.token.client-secret", credentials.clientSecret(),
                "valify-proxy.server.transport", settings.transport());
        return ConfigFactory.parseMap(theirs)
                .withFallback(ConfigFactory.parseResources(Rig.class, "soak.conf"))
                .withFallback(ConfigFactory.load());
    }

    /** Lets things go wrong from now on. */
    void disturb() {
        FaultMix.Urn calls = new FaultMix.Urn(random.split());
        FaultMix.Urn mints = new FaultMix.Urn(random.split());
        faults.fill(calls, mints);
        sandbox.faults().calls().draw(calls::draw);
        sandbox.faults().mints().draw(mints::draw);
    }

    /** Lets all go well and waits for the end of what is on; whether it came to an end. */
    boolean settle() {
        sandbox.faults().calls().clear();
        sandbox.faults().mints().clear();
        boolean settled = await(() -> isAtRest(proxy.status()));
        // The sandbox's memory of tokens that are still good is not the proxy's; and an upstream may lose its database.
        sandbox.tokens().invalidateAll();
        sandbox.tokens().forgetTheDead();
        return settled;
    }

    private static boolean isAtRest(StatusReport status) {
        return status.callsInProgress() == 0 && status.clientConnections() == 0 && status.replayMemory() == 0;
    }

    private static boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + SoakSettings.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Pace.pause(POLL_NANOS);
        }
        return true;
    }

    int port() {
        return proxy.port();
    }

    StatusReport status() {
        return proxy.status();
    }

    String transport() {
        return proxy.transport();
    }

    TokenLedger tokens() {
        return sandbox.tokens();
    }

    SimpleMeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        proxy.close();
        sandbox.close();
    }
}
