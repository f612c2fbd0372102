package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Netty's decoder, asked whether a head has begun, and strict where it is lenient: see {@link StartLine}, {@link HeadStrictness} and
 * {@link ChunkOverhead}. One per client channel, on its event loop.
 */
final class RequestDecoder extends HttpRequestDecoder {

    private final HeadStrictness strictness = new HeadStrictness();
    private final ChunkOverhead overhead;
    private boolean headBegun;

    RequestDecoder(HttpDecoderConfig config) {
        super(config);
        overhead = new ChunkOverhead(config.getMaxHeaderSize());
    }

    /** Between two requests: whether some of the next one's head is there. */
    boolean isHeadBegun() {
        return headBegun || actualReadableBytes() > 0;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        strictness.beforeStep(buffer);
        int before = buffer.readableBytes();
        super.decode(ctx, buffer, out);
        overhead.step(before - buffer.readableBytes(), out);
        strictness.afterStep(out);
        if (!out.isEmpty()) {
            headBegun = false;
        }
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        StartLine.requireNothingBefore(start);
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        StartLine.requireSingleSpaceBefore(line, start);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        StartLine.requireSingleSpaceBefore(line, start);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    @Override
    protected HttpMessage createMessage(String[] words) throws Exception {
        headBegun = true;
        strictness.firstLineRead();
        words[2] = StartLine.version(words[2]);
        return super.createMessage(words);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        return strictness.nameRead(super.splitHeaderName(line, start, length));
    }

    /** Netty reads 8 bytes behind the key fields of a WebSocket draft of 2010, whatever the head says of its length (RFC 9112 §6.3). */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage head) {
        return head.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
                && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }
}
