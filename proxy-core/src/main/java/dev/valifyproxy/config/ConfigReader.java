package dev.valifyproxy.config;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;

import dev.valifyproxy.clientauth.ClientAuthSettings;
import dev.valifyproxy.clientauth.ClientAuthSettings.TokenEndpoint;
import dev.valifyproxy.exchange.ExchangeSettings;
import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.listener.ListenerSettings;
import dev.valifyproxy.worker.Transport;
import dev.valifyproxy.worker.WorkerSettings;
import java.time.Duration;
import java.util.List;

/** Fills each room's settings from the sections of the file. Bounds stand here, and in the reference for the user. */
final class ConfigReader {

    private static final int MIB = 1 << 20;
    private static final long GIB = 1L << 30;
    private static final Duration SHORTEST = ofMillis(10);

    private final Section server;
    private final Section limits;
    private final Section timeouts;
    private final Section clientAuth;

    private ConfigReader(Section root) {
        server = root.section("server");
        limits = root.section("limits");
        timeouts = root.section("timeouts");
        clientAuth = root.section("client-auth");
    }

    static ProxyConfig proxy(Section root) {
        ConfigReader reader = new ConfigReader(root);
        return new ProxyConfig(
                reader.workers(),
                reader.listener(),
                reader.http1(),
                ProfileReader.all(root),
                reader.exchange(),
                reader.clientAuth(),
                reader.server.durationFrom("drain-delay", ZERO, ofMinutes(10)),
                reader.timeouts.durationFrom("drain", ZERO, ofHours(1)));
    }

    private WorkerSettings workers() {
        String transport = server.wordFrom("transport", List.of("auto", "io_uring", "epoll", "nio"));
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new WorkerSettings(Transport.named(transport), server.intOrAutoFrom("workers", 1, 256, half));
    }

    private ListenerSettings listener() {
        return new ListenerSettings(
                server.stringFrom("bind"),
                server.portFrom("port"),
                limits.intFrom("max-connections", 1, 1_000_000),
                limits.optionalIntFrom("max-connections-per-source", 1, 1_000_000),
                timeouts.durationFrom("client-write", SHORTEST, ofHours(1)));
    }

    private Http1Settings http1() {
        return new Http1Settings(
                (int) limits.sizeFrom("max-request-line", 64, MIB),
                (int) limits.sizeFrom("max-head", 64, MIB),
                limits.intFrom("max-headers", 1, 10_000),
                timeouts.durationFrom("request-head", SHORTEST, ofMinutes(10)),
                timeouts.durationFrom("request-idle", SHORTEST, ofHours(1)),
                (int) limits.sizeFrom("min-upload-rate", 0, MIB),
                timeouts.durationFrom("client-idle", SHORTEST, ofHours(1)));
    }

    private ExchangeSettings exchange() {
        long replayBody = limits.sizeFrom("max-replay-body", 0, GIB);
        long replayMemory = limits.sizeFrom("max-replay-memory", 0, 64 * GIB);
        limits.require(
                replayBody <= replayMemory,
                "max-replay-body",
                "max-replay-memory",
                "must be at most limits.max-replay-memory");
        return new ExchangeSettings(
                limits.intFrom("max-requests", 1, 1_000_000),
                limits.sizeFrom("max-request-body", 1, 16 * GIB),
                replayBody,
                replayMemory,
                timeouts.durationFrom("response-head", SHORTEST, ofHours(1)),
                timeouts.durationFrom("response-idle", SHORTEST, ofHours(1)),
                timeouts.optionalDurationFrom("total", SHORTEST, ofDays(1)));
    }

    private ClientAuthSettings clientAuth() {
        clientAuth.refuseWord("token-endpoint", "enforce", "is not supported yet: must be stub or off");
        String answer = clientAuth.wordFrom("token-endpoint", List.of("stub", "off"));
        return new ClientAuthSettings("off".equals(answer) ? TokenEndpoint.OFF : TokenEndpoint.STUB);
    }
}
