package dev.valifyproxy.server;

import dev.valifyproxy.Proxy;
import dev.valifyproxy.ProxyBuilder;
import dev.valifyproxy.Readiness;
import dev.valifyproxy.Version;
import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.listener.BindFailure;
import dev.valifyproxy.server.admin.AdminServer;
import dev.valifyproxy.server.admin.Health;
import dev.valifyproxy.server.admin.Status;
import dev.valifyproxy.server.log.MintLog;
import dev.valifyproxy.server.settings.CredentialsWatcher;
import dev.valifyproxy.server.settings.ServerConfig;
import dev.valifyproxy.token.PoolSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Start and stop of the program: the proxy, its admin port, and a clean end on SIGTERM or SIGINT. */
final class Lifecycle {

    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private Lifecycle() {}

    /** Serves until the process is told to stop; see {@link Serving#serve}. */
    static ExitCode run(ServerConfig config, Supplier<ServerConfig> again, Serving.Guest guest) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Proxy proxy = builder(config, registry).start();
                AdminServer admin = AdminServer.start(
                        config.admin(), registry, () -> liveness(proxy), () -> readiness(proxy), () -> status(proxy));
                CredentialsWatcher watcher =
                        new CredentialsWatcher(config.secretFiles(), again, proxy::switchCredentials)) {
            watcher.start();
            announce(config.proxy(), proxy, admin);
            if (!guest.welcome(proxy.uri(), admin.port())) {
                proxy.drain(config.proxy().drainTimeout());
                return ExitCode.OK;
            }
            StopSignal signal = StopSignal.install();
            signal.await();
            log.info("stopping: {} calls in progress", proxy.status().callsInProgress());
            proxy.drain(config.proxy().drainTimeout());
            log.info("stopped");
            signal.finished();
            return ExitCode.OK;
        } catch (BindFailure e) {
            log.error("{}", e.getMessage());
            return ExitCode.FAILURE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILURE;
        }
    }

    private static ProxyBuilder builder(ServerConfig config, PrometheusMeterRegistry registry) {
        ProxyBuilder builder = Proxy.builder(config.proxy()).meterRegistry(registry);
        if (config.log().mints()) {
            for (ProfileConfig profile : config.proxy().profiles()) {
                builder.poolListener(profile.name(), new MintLog(profile.name(), Clock.systemUTC()));
            }
        }
        return builder;
    }

    private static Health liveness(Proxy proxy) {
        return proxy.isLive() ? new Health(true, "the event loops turn") : new Health(false, "an event loop is stuck");
    }

    private static Health readiness(Proxy proxy) {
        Readiness readiness = proxy.readiness();
        return new Health(readiness.ready(), readiness.reason());
    }

    private static Status status(Proxy proxy) {
        Duration uptime = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        return new Status(uptime, proxy.transport(), readiness(proxy), proxy.status());
    }

    /** One line that says what runs, and a warning for each thing that most would not want in production. */
    private static void announce(ProxyConfig config, Proxy proxy, AdminServer admin) {
        log.info(
                "valify-proxy {} listens on {}:{}, admin port {}, transport {}, event loops {}, {}",
                Version.current(),
                config.listener().bind(),
                proxy.port(),
                admin.port(),
                proxy.transport(),
                config.workers().count(),
                described(config.profiles()));
        if (!Loopback.isLoopback(config.listener().bind())) {
            log.warn(
                    "{} is reachable from other machines and clients are not authenticated: whoever reaches port {} makes "
                            + "calls in your name",
                    config.listener().bind(),
                    proxy.port());
        }
        for (ProfileConfig profile : config.profiles()) {
            warnOfPlainHttp(
                    profile.pathOf("upstream.base-url"), profile.upstream().baseUrl());
            warnOfPlainHttp(profile.pathOf("token.url"), profile.oauth().shownTokenUrl());
        }
    }

    /** What each profile forwards to and how many tokens it keeps; by its name where there are several. */
    static String described(List<ProfileConfig> profiles) {
        return profiles.stream()
                .map(profile -> (profiles.size() == 1 ? "" : "profile " + profile.name() + ": ") + described(profile))
                .collect(Collectors.joining("; "));
    }

    private static String described(ProfileConfig profile) {
        PoolSettings pool = profile.pool();
        return "upstream " + profile.upstream().baseUrl()
                + through(profile.upstream().proxy()) + ", tokens"
                + through(profile.oauth().proxy()) + ": "
                + pool.maxUses() + " uses each, " + pool.floor() + " kept ready, at most "
                + pool.bounds().maxConcurrentMints() + " mints at once";
    }

    private static String through(@Nullable EgressProxy proxy) {
        return proxy == null ? "" : " through the egress proxy " + proxy.address();
    }

    private static void warnOfPlainHttp(String key, URI url) {
        if (url.getScheme().equalsIgnoreCase("http") && !Loopback.isLoopback(url.getHost())) {
            log.warn("{} = {} is plain http: tokens and documents cross the network unencrypted", key, url);
        }
    }
}
