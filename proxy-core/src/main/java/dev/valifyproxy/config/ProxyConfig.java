package dev.valifyproxy.config;

import com.typesafe.config.Config;
import dev.valifyproxy.clientauth.ClientAuthSettings;
import dev.valifyproxy.exchange.ExchangeSettings;
import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.listener.ListenerSettings;
import dev.valifyproxy.worker.WorkerSettings;
import java.time.Duration;
import java.util.List;

/**
 * A whole and valid configuration of a proxy: each room's settings, immutable.
 *
 * @param profiles the accounts and their upstreams, one at least; the default one first, where it is among them
 * @param drainDelay how long a stopping proxy serves as before, readiness gone already
 * @param drainTimeout how long calls in progress may take after that
 */
public record ProxyConfig(
        WorkerSettings workers,
        ListenerSettings listener,
        Http1Settings http1,
        List<ProfileConfig> profiles,
        ExchangeSettings exchange,
        ClientAuthSettings clientAuth,
        Duration drainDelay,
        Duration drainTimeout) {

    public ProxyConfig {
        profiles = List.copyOf(profiles);
    }

    /**
     * Reads the section {@code valify-proxy}; what it does not set is at its default. Its sections {@code admin} and {@code
     * log} belong to the program and are left alone.
     *
     * @param config a resolved configuration, such as {@code ConfigFactory.load()}
     * @throws InvalidConfigException with every problem at once
     */
    public static ProxyConfig from(Config config) {
        return Section.read(config, new Problems(), root -> {
            root.leave("admin");
            root.leave("log");
            return from(root);
        });
    }

    /** Reads the proxy's sections, for a program that reads sections of its own beside them. */
    public static ProxyConfig from(Section root) {
        return ConfigReader.proxy(root);
    }
}
