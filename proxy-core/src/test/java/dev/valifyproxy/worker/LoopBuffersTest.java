package dev.valifyproxy.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopBuffersTest {

    private final EventExecutor loop = ImmediateEventExecutor.INSTANCE;
    private final LoopBuffers buffers = new LoopBuffers(loop, PooledByteBufAllocator.DEFAULT, true);
    private final List<ByteBuf> lent = new ArrayList<>();

    private ByteBuf borrow(int size) {
        ByteBuf buffer = buffers.directBuffer(size);
        lent.add(buffer);
        return buffer;
    }

    @AfterEach
    void everything_goes_back() {
        lent.stream().filter(buffer -> buffer.refCnt() > 1).forEach(ByteBuf::release);
        buffers.release();
        lent.stream().filter(buffer -> buffer.refCnt() > 0).forEach(ByteBuf::release);
        assertThat(lent).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @Test
    void a_buffer_that_was_released_is_lent_again_empty() {
        ByteBuf first = borrow(100);
        first.writeLong(1).readByte();
        first.release();
        assertThat(borrow(200)).isSameAs(first);
        assertThat(first.isReadable()).isFalse();
        assertThat(first.readerIndex()).isZero();
    }

    @Test
    void a_buffer_that_somebody_still_has_a_slice_of_is_lent_to_nobody_else() {
        ByteBuf first = borrow(100);
        ByteBuf slice = first.writeLong(42).readRetainedSlice(8);
        first.release();
        ByteBuf second = borrow(100);
        assertThat(second).isNotSameAs(first);
        second.writeLong(7);
        assertThat(slice.readLong()).isEqualTo(42);
        slice.release();
        assertThat(borrow(100)).isSameAs(first);
    }

    @Test
    void when_all_are_lent_the_pool_gives_others() {
        for (int i = 0; i < 20; i++) {
            borrow(LoopBuffers.SIZE);
        }
        Set<ByteBuf> different = Collections.newSetFromMap(new IdentityHashMap<>());
        different.addAll(lent);
        assertThat(different).hasSize(20);
    }

    @Test
    void those_that_are_lent_for_long_do_not_keep_others_from_being_lent_again() {
        for (int i = 0; i < 20; i++) {
            borrow(100);
        }
        ByteBuf brief = borrow(100);
        brief.release();
        assertThat(borrow(100)).isSameAs(brief);
    }

    @Test
    void a_buffer_that_grew_is_not_lent_again() {
        ByteBuf grown = borrow(100);
        grown.writeZero(LoopBuffers.SIZE + 1).release();
        assertThat(borrow(100)).isNotSameAs(grown);
    }

    @Test
    void a_pool_that_is_out_of_memory_takes_nothing_from_who_has_a_buffer() {
        AtomicBoolean exhausted = new AtomicBoolean();
        LoopBuffers poor = new LoopBuffers(loop, pool(exhausted), true);
        for (int i = 0; i < 20; i++) {
            lent.add(poor.directBuffer(100).writeLong(i));
        }
        exhausted.set(true);
        assertThatThrownBy(() -> poor.directBuffer(100)).isInstanceOf(OutOfMemoryError.class);
        assertThat(lent).allMatch(buffer -> buffer.refCnt() >= 1 && buffer.readableBytes() == 8);
        poor.release();
    }

    private static PooledByteBufAllocator pool(AtomicBoolean exhausted) {
        return new PooledByteBufAllocator(true) {
            @Override
            protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
                if (exhausted.get()) {
                    throw new OutOfMemoryError("none left");
                }
                return super.newDirectBuffer(initialCapacity, maxCapacity);
            }
        };
    }

    @Test
    void a_large_buffer_is_the_pools() {
        ByteBuf large = borrow(LoopBuffers.SIZE + 1);
        large.release();
        assertThat(large.refCnt()).isZero();
    }

    @Test
    void another_thread_gets_none_of_them() {
        LoopBuffers elsewhere = new LoopBuffers(new DefaultEventExecutor(), PooledByteBufAllocator.DEFAULT, true);
        ByteBuf pooled = elsewhere.directBuffer(100);
        pooled.release();
        assertThat(pooled.refCnt()).isZero();
    }

    @Test
    void while_leaks_are_looked_for_each_buffer_is_the_pools() {
        LoopBuffers watched = new LoopBuffers(loop, PooledByteBufAllocator.DEFAULT, false);
        ByteBuf buffer = watched.directBuffer(100);
        buffer.release();
        assertThat(buffer.refCnt()).isZero();
    }
}
