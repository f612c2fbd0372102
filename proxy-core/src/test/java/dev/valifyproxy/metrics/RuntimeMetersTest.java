package dev.valifyproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RuntimeMetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void bind() {
        RuntimeMeters.bind(registry, "1.2.3", "epoll");
    }

    @Test
    void build_info_is_1_and_says_what_runs() {
        Gauge info = registry.get("valify.proxy.build.info").gauge();

        assertThat(info.value()).isEqualTo(1);
        assertThat(info.getId().getTags())
                .containsExactlyInAnyOrder(
                        Tag.of("version", "1.2.3"),
                        Tag.of("java", Runtime.version().toString()),
                        Tag.of("transport", "epoll"));
    }

    @ParameterizedTest
    @CsvSource({"jvm.memory.used,heap", "jvm.memory.used,nonheap", "jvm.memory.committed,heap"})
    void memory_is_shown_by_area(String name, String area) {
        assertThat(registry.get("valify.proxy." + name)
                        .tag("area", area)
                        .gauge()
                        .value())
                .isPositive();
    }

    @Test
    void the_heap_limit_is_the_jvms_own() {
        assertThat(registry.get("valify.proxy.jvm.heap.limit").gauge().value())
                .isEqualTo((double) Runtime.getRuntime().maxMemory());
    }

    @Test
    void the_process_has_threads_and_began_before_now() {
        assertThat(registry.get("valify.proxy.jvm.threads").gauge().value()).isPositive();
        assertThat(registry.get("valify.proxy.process.start.time").gauge().value())
                .isPositive()
                .isLessThanOrEqualTo(System.currentTimeMillis() / 1_000.0);
        assertThat(registry.get("valify.proxy.process.cpu").functionCounter().count())
                .isPositive();
    }

    @Test
    void collections_are_counted_and_timed_in_seconds() {
        double before = collections();

        System.gc();

        assertThat(collections()).isGreaterThan(before);
        assertThat(registry.get("valify.proxy.jvm.gc.time").functionCounters())
                .allSatisfy(timed -> assertThat(timed.count()).isBetween(0.0, 60.0));
    }

    @Test
    void memory_of_network_buffers_counts_while_one_is_held() {
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(64 * 1024);
        try {
            assertThat(registry.get("valify.proxy.buffer.memory")
                            .tag("area", "direct")
                            .gauge()
                            .value())
                    .isGreaterThanOrEqualTo(64 * 1024);
        } finally {
            buffer.release();
        }
    }

    private double collections() {
        return registry.get("valify.proxy.jvm.gc.collections").functionCounters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
