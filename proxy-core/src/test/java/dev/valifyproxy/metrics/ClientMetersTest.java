package dev.valifyproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientMetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger byTotal = new AtomicInteger();
    private final AtomicInteger bySource = new AtomicInteger();

    @Test
    void the_meters_show_connections_those_refused_by_each_limit_and_those_that_took_nothing() {
        ClientMeters.bind(registry, open::get, byTotal::get, bySource::get, () -> 7);
        open.set(64);
        byTotal.set(3);
        bySource.set(2);

        assertThat(registry.get("valify.proxy.client.connections").gauge().value())
                .isEqualTo(64);
        assertThat(refused("total")).isEqualTo(3);
        assertThat(refused("source")).isEqualTo(2);
        assertThat(registry.get("valify.proxy.client.write.timeouts")
                        .functionCounter()
                        .count())
                .isEqualTo(7);
    }

    private double refused(String limit) {
        return registry.get("valify.proxy.client.connections.refused")
                .tag("limit", limit)
                .functionCounter()
                .count();
    }
}
