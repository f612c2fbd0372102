package dev.valifyproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Shows what the process needs of its machine. Micrometer's own binders would do it under names outside {@code valify_proxy_}, and with a
 * listener to each garbage collection; here everything is read at the scrape and costs nothing between.
 */
public final class RuntimeMeters {

    private static final double MILLIS_PER_SECOND = 1_000;
    private static final double NANOS_PER_SECOND = 1_000_000_000;

    private RuntimeMeters() {}

    /**
     * Registers the meters.
     *
     * @param version of this program
     * @param transport the one in use, as configuration names it
     */
    public static void bind(MeterRegistry registry, String version, String transport) {
        String java = Runtime.version().toString();
        Meters.BUILD_INFO.gauge(registry, () -> 1, "version", version, "java", java, "transport", transport);
        bindProcess(registry);
        bindMemory(registry);
        bindCollectors(registry);
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
            ByteBufAllocatorMetric metric = allocator.metric();
            Meters.BUFFER_MEMORY.gauge(registry, metric::usedDirectMemory, "area", "direct");
            Meters.BUFFER_MEMORY.gauge(registry, metric::usedHeapMemory, "area", "heap");
        }
    }

    private static void bindProcess(MeterRegistry registry) {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Meters.PROCESS_START.gauge(registry, () -> runtime.getStartTime() / MILLIS_PER_SECOND);
        Meters.PROCESS_CPU.counter(registry, RuntimeMeters::cpuSeconds);
        Meters.JVM_THREADS.gauge(registry, threads::getThreadCount);
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                / NANOS_PER_SECOND;
    }

    private static void bindMemory(MeterRegistry registry) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        Meters.JVM_MEMORY_USED.gauge(registry, () -> memory.getHeapMemoryUsage().getUsed(), "area", "heap");
        Meters.JVM_MEMORY_USED.gauge(
                registry, () -> memory.getNonHeapMemoryUsage().getUsed(), "area", "nonheap");
        Meters.JVM_MEMORY_COMMITTED.gauge(
                registry, () -> memory.getHeapMemoryUsage().getCommitted(), "area", "heap");
        Meters.JVM_MEMORY_COMMITTED.gauge(
                registry, () -> memory.getNonHeapMemoryUsage().getCommitted(), "area", "nonheap");
        Meters.JVM_HEAP_LIMIT.gauge(registry, () -> memory.getHeapMemoryUsage().getMax());
    }

    private static void bindCollectors(MeterRegistry registry) {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            String name = collector.getName();
            Meters.JVM_GC_COLLECTIONS.counter(registry, collector::getCollectionCount, "collector", name);
            Meters.JVM_GC_TIME.counter(
                    registry, () -> collector.getCollectionTime() / MILLIS_PER_SECOND, "collector", name);
        }
    }
}
