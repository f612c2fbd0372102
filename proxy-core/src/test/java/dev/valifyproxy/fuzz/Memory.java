package dev.valifyproxy.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;

/** The buffers of one run, counted to the byte: what is not released at its end has leaked, and what is held meanwhile has a bound. */
final class Memory {

    /** What a run may hold beyond its input: heads on their way out, and their growing. */
    private static final long ALLOWANCE = 64 * 1024;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private long fed;

    EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        return channel;
    }

    ByteBuf buffer(byte[] bytes) {
        fed += bytes.length;
        return allocator.heapBuffer(bytes.length).writeBytes(bytes);
    }

    /** Takes what a channel has sent so far. */
    static void drain(EmbeddedChannel channel, ByteArrayOutputStream to) {
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            byte[] bytes = new byte[part.readableBytes()];
            part.readBytes(bytes).release();
            to.writeBytes(bytes);
        }
    }

    void requireBounded() {
        if (held() > 4 * fed + ALLOWANCE) {
            throw new AssertionError(held() + " bytes held of " + fed + " received");
        }
    }

    void requireNothingHeld() {
        if (held() != 0) {
            throw new AssertionError(held() + " bytes were never released");
        }
    }

    private long held() {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }
}
