package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Netty's decoder, asked whether a head has begun, and strict about a request line's shape (single spaces, the version in capitals,
 * RFC 9112 §2.3, §3) and about bodies that no field announces. One per client channel, on its event loop.
 */
final class RequestDecoder extends HttpRequestDecoder {

    private static final String HTTP_NAME = "HTTP/";

    private boolean headBegun;
    /** Where the last word of a request line ended, while it is split. */
    private int wordEnd;

    RequestDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** Between two requests: whether some of the next one's head is there. */
    boolean isHeadBegun() {
        return headBegun || actualReadableBytes() > 0;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        super.decode(ctx, buffer, out);
        if (!out.isEmpty()) {
            headBegun = false;
        }
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        require(start == 0);
        wordEnd = length;
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireSingleSpaceBefore(line, start);
        wordEnd = start + length;
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireSingleSpaceBefore(line, start);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    private void requireSingleSpaceBefore(byte[] line, int start) {
        require(start == wordEnd + 1 && line[wordEnd] == HttpConstants.SP);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("malformed");
        }
    }

    @Override
    protected HttpMessage createMessage(String[] words) throws Exception {
        headBegun = true;
        require(words[2].startsWith(HTTP_NAME));
        return super.createMessage(words);
    }

    /**
     * Asked once a head is there. Without either field there is no body (RFC 9112 §6.3); for the long forgotten handshake of a WebSocket
     * draft Netty would take eight bytes, which to the upstream begin the next request.
     */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage head) {
        return !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }
}
