package dev.valifyproxy.metrics;

import dev.valifyproxy.upstream.UpstreamStats;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** Shows the connections to the upstream. */
public final class UpstreamMeters {

    private UpstreamMeters() {}

    /** Registers the meters; {@code stats} is called at each scrape, on the scraping thread. */
    public static void bind(MeterRegistry registry, Supplier<UpstreamStats> stats) {
        Meters.UPSTREAM_CONNECTIONS.gauge(registry, () -> stats.get().open());
        Meters.UPSTREAM_CONNECTIONS_IDLE.gauge(registry, () -> stats.get().idle());
        Meters.UPSTREAM_CONNECTIONS_OPENED.counter(registry, () -> stats.get().opened());
        Meters.UPSTREAM_CONNECT_FAILURES.counter(registry, () -> stats.get().failed());
    }
}
