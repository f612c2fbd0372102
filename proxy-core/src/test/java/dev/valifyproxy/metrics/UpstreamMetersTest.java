package dev.valifyproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.upstream.UpstreamStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UpstreamMetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private UpstreamStats stats = new UpstreamStats(0, 0, 0, 0, 0);

    @Test
    void the_meters_show_the_connections_at_the_time_of_reading() {
        UpstreamMeters.bind(registry, "default", () -> stats);

        stats = new UpstreamStats(5, 2, 40, 3, 7);

        assertThat(registry.get("valify.proxy.upstream.connections").gauge().value())
                .isEqualTo(5);
        assertThat(registry.get("valify.proxy.upstream.connections.idle")
                        .gauge()
                        .value())
                .isEqualTo(2);
        assertThat(registry.get("valify.proxy.upstream.connections.opened")
                        .functionCounter()
                        .count())
                .isEqualTo(40);
        assertThat(connectFailures("upstream")).isEqualTo(3);
        assertThat(connectFailures("egress_proxy")).isEqualTo(7);
    }

    private double connectFailures(String by) {
        return registry.get("valify.proxy.upstream.connect.failures")
                .tag("by", by)
                .functionCounter()
                .count();
    }
}
