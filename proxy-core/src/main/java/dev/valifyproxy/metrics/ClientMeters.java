package dev.valifyproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Shows the connections of clients. */
public final class ClientMeters {

    private ClientMeters() {}

    /**
     * Registers the meters; each source is read at each scrape, on the scraping thread.
     *
     * @param open connections open at present
     * @param refusedByTotal connections refused so far because there were too many in all
     * @param refusedBySource those refused because there were too many of their source
     * @param writeTimeouts those reset so far because they took nothing of an answer
     */
    public static void bind(
            MeterRegistry registry,
            IntSupplier open,
            LongSupplier refusedByTotal,
            LongSupplier refusedBySource,
            LongSupplier writeTimeouts) {
        Meters.CLIENT_CONNECTIONS.gauge(registry, open::getAsInt);
        Meters.CLIENT_CONNECTIONS_REFUSED.counter(registry, refusedByTotal::getAsLong, "limit", "total");
        Meters.CLIENT_CONNECTIONS_REFUSED.counter(registry, refusedBySource::getAsLong, "limit", "source");
        Meters.CLIENT_WRITE_TIMEOUTS.counter(registry, writeTimeouts::getAsLong);
    }
}
