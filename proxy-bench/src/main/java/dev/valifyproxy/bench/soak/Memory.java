package dev.valifyproxy.bench.soak;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;

/**
 * The memory of this process when it is at rest.
 *
 * @param heap bytes in use after a collection; the buffers' allocator has none of them, or what it keeps for later would count
 * @param buffers bytes that buffers hold which have not been released
 */
record Memory(long heap, long buffers) {

    private static final int COLLECTIONS = 4;

    /** Measures, by force: collects the garbage first. */
    static Memory atRest() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        PooledByteBufAllocator pool = pool();
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return new Memory(used, pool.pinnedDirectMemory());
    }

    private static PooledByteBufAllocator pool() {
        if (ByteBufAllocator.DEFAULT instanceof PooledByteBufAllocator pool
                && pool.metric().numHeapArenas() == 0) {
            return pool;
        }
        throw new IllegalStateException(
                "run with -Dio.netty.allocator.type=pooled, as the proxy is, and -Dio.netty.allocator.numHeapArenas=0");
    }
}
