package dev.valifyproxy.metrics;

import dev.valifyproxy.upstream.UpstreamStats;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** Shows the connections to the upstream. */
public final class UpstreamMeters {

    private UpstreamMeters() {}

    /** Registers the meters of this profile's upstream; {@code stats} is called at each scrape, on the scraping thread. */
    public static void bind(MeterRegistry registry, String profile, Supplier<UpstreamStats> stats) {
        String[] tags = Meters.ofProfile(profile);
        Meters.UPSTREAM_CONNECTIONS.gauge(registry, () -> stats.get().open(), tags);
        Meters.UPSTREAM_CONNECTIONS_IDLE.gauge(registry, () -> stats.get().idle(), tags);
        Meters.UPSTREAM_CONNECTIONS_OPENED.counter(registry, () -> stats.get().opened(), tags);
        Meters.UPSTREAM_CONNECT_FAILURES.counter(
                registry, () -> stats.get().failed(), Meters.ofProfile(profile, "by", "upstream"));
        Meters.UPSTREAM_CONNECT_FAILURES.counter(
                registry, () -> stats.get().failedAtEgressProxy(), Meters.ofProfile(profile, "by", "egress_proxy"));
    }
}
