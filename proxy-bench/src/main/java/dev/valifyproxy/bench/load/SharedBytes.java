package dev.valifyproxy.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** Bytes that are sent again and again, outside the heap, so that nothing copies them. */
final class SharedBytes {

    private SharedBytes() {}

    /** A buffer of these that lives as long as it is reachable; whoever writes it writes a duplicate. */
    static ByteBuf of(byte[] bytes) {
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(direct));
    }
}
