package dev.valifyproxy.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.Queue;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LeaksTest {

    private final Leaks leaks = Leaks.install();

    /** Out of sight of the test's own frame, so that nothing holds it. */
    private static void leakOne() {
        ByteBufAllocator.DEFAULT.directBuffer(64).writeByte(1);
    }

    @Test
    void a_buffer_that_nobody_releases_is_reported() {
        Memory before = Memory.atRest();
        leakOne();

        Queue<String> reports = leaks.reports();
        long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (reports.isEmpty() && System.nanoTime() < patience) {
            System.gc();
            reports = leaks.reports();
        }
        assertThat(reports).hasSize(1);
        assertThat(reports.element()).contains("LeaksTest.leakOne");
        assertThat(Memory.atRest().buffers()).isGreaterThan(before.buffers());
    }

    @Test
    void one_that_is_released_is_not() {
        Memory before = Memory.atRest();
        ByteBufAllocator.DEFAULT.directBuffer(64).release();

        assertThat(Memory.atRest().buffers()).isEqualTo(before.buffers());
        assertThat(leaks.reports()).isEmpty();
    }
}
