package dev.valifyproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A check that finds nothing proves nothing: here it has something to find. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LeakCheckTest {

    @Test
    void a_buffer_that_nobody_released_is_found() throws InterruptedException {
        assertThat(LeakCheck.found()).isEmpty();
        leak();
        assertThat(LeakCheck.found())
                .singleElement()
                .asString()
                .contains("ByteBuf")
                .contains("here");
    }

    private static void leak() {
        ByteBuf lost = PooledByteBufAllocator.DEFAULT.buffer(16);
        lost.touch("here");
    }

    @Test
    void a_buffer_that_was_released_is_no_leak() throws InterruptedException {
        ByteBuf kept = PooledByteBufAllocator.DEFAULT.buffer(16);
        kept.release();
        assertThat(LeakCheck.found()).isEmpty();
    }
}
