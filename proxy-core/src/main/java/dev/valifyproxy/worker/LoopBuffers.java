package dev.valifyproxy.worker;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of one event loop's channels. A call needs four small ones, each for the moment between a read or write of the socket and the
 * next; so a few are kept, and lent again as soon as everybody has released them: the same memory, which is still in the processor's
 * cache, without the pool's accounts. Everything else, and what other threads ask for, is the pool's.
 *
 * <p>A kept buffer is ours by one reference, and free when there is no other. While leaks are looked for none is kept, as each buffer
 * must then have a history of its own.
 */
final class LoopBuffers extends AbstractByteBufAllocator {

    /** Bytes of each: a head, or what is read of a socket while it does not bring more. */
    static final int SIZE = 4 * 1024;

    /** More than are in use at a time, those apart that hold a body. */
    private static final int KEPT = 8;

    private final EventExecutor loop;
    private final ByteBufAllocator pool;
    private final @Nullable ByteBuf[] kept;

    /** The place of the one to be given away next. */
    private int next;

    LoopBuffers(EventExecutor loop, ByteBufAllocator pool) {
        this(loop, pool, !ResourceLeakDetector.isEnabled());
    }

    LoopBuffers(EventExecutor loop, ByteBufAllocator pool, boolean keeps) {
        super(true);
        this.loop = loop;
        this.pool = pool;
        this.kept = new ByteBuf[keeps ? KEPT : 0];
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        boolean ours = kept.length > 0 && initialCapacity <= SIZE && maxCapacity == Integer.MAX_VALUE;
        return ours && loop.inEventLoop() ? lend() : pool.directBuffer(initialCapacity, maxCapacity);
    }

    /** The first that nobody has and that did not grow, so that few are used most. */
    private ByteBuf lend() {
        for (int i = 0; i < kept.length; i++) {
            ByteBuf buffer = kept[i];
            if (buffer != null && buffer.refCnt() == 1 && buffer.capacity() == SIZE) {
                return buffer.clear().retain();
            }
        }
        return lendAnother();
    }

    /** One that is still lent, to a body perhaps that waits for its answer, is its borrower's alone from now on. */
    private ByteBuf lendAnother() {
        ByteBuf buffer = pool.directBuffer(SIZE);
        ByteBuf before = kept[next];
        kept[next] = buffer;
        next = (next + 1) % kept.length;
        if (before != null) {
            before.release();
        }
        return buffer.retain();
    }

    /** Gives the kept ones back, when the loop has ended. */
    void release() {
        for (int i = 0; i < kept.length; i++) {
            ByteBuf buffer = kept[i];
            if (buffer != null) {
                kept[i] = null;
                buffer.release();
            }
        }
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return pool.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }
}
