package dev.valifyproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.token.MintState;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.upstream.UpstreamStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void register_all() {
        new CallMeters(registry, () -> 0);
        ClientMeters.bind(registry, () -> 0, () -> 0, () -> 0, () -> 0);
        new PoolMeters(registry, "default")
                .bind(() -> new PoolStats(0, 0, 0, 0, MintState.UNPROVEN, false, null, null, 3));
        UpstreamMeters.bind(registry, "default", () -> new UpstreamStats(0, 0, 0, 0, 0));
        RuntimeMeters.bind(registry, "1.2.3", "nio");
    }

    @Test
    void every_meter_has_a_description() {
        assertThat(ids()).allSatisfy(id -> assertThat(id.getDescription()).isNotBlank());
    }

    @Test
    void every_name_is_in_use_and_no_meter_has_another_one() {
        assertThat(ids().map(Meter.Id::getName))
                .containsOnly(Arrays.stream(Meters.values()).map(Meters::id).toArray(String[]::new));
    }

    @Test
    void every_name_begins_with_that_of_the_program() {
        assertThat(Meters.values()).extracting(Meters::id).allMatch(id -> id.startsWith("valify.proxy."));
    }

    @Test
    void what_is_measured_has_a_base_unit() {
        assertThat(registry.getMeters())
                .filteredOn(Timer.class::isInstance)
                .extracting(meter -> meter.getId().getBaseUnit())
                .containsOnly("seconds");
        assertThat(Meters.values())
                .filteredOn(meter -> meter.id().matches(".*(duration|wait|time|cpu)"))
                .extracting(Meters::unit)
                .containsOnly("seconds");
        assertThat(Meters.values())
                .filteredOn(meter -> meter.id().matches(".*(body|memory|heap).*"))
                .extracting(Meters::unit)
                .containsOnly("bytes");
    }

    @Test
    void every_counter_is_there_before_anything_was_counted() {
        assertThat(registry.getMeters())
                .filteredOn(meter -> meter.getId().getType() == Meter.Type.COUNTER)
                .filteredOn(meter -> !(meter instanceof FunctionCounter))
                .isNotEmpty()
                .allSatisfy(meter ->
                        assertThat(meter.measure().iterator().next().getValue()).isZero());
    }

    @Test
    void a_source_that_nobody_else_holds_outlives_a_garbage_collection() {
        MeterRegistry fresh = new SimpleMeterRegistry();
        Meters.TOKEN_USES.counter(fresh, sourceOf(7));
        Meters.TOKEN_WAITERS.gauge(fresh, sourceOf(8));

        System.gc();

        assertThat(fresh.get("valify.proxy.token.uses").functionCounter().count())
                .isEqualTo(7);
        assertThat(fresh.get("valify.proxy.token.waiters").gauge().value()).isEqualTo(8);
    }

    /** An object of its own for each call, since it captures the value. */
    private static DoubleSupplier sourceOf(double value) {
        return () -> value;
    }

    /** Without the gauges by which this kind of registry shows a histogram's buckets. */
    private Stream<Meter.Id> ids() {
        return registry.getMeters().stream().map(Meter::getId).filter(id -> id.syntheticAssociation() == null);
    }
}
