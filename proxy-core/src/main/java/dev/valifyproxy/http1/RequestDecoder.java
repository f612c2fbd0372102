package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Netty's decoder, asked whether a head has begun, and strict where it is lenient: about a request line's shape (single spaces, the
 * version in capitals, RFC 9112 §2.3, §3), about its fields' lines, about bodies that no field announces, and about what chunks cost. One
 * per client channel, on its event loop.
 */
final class RequestDecoder extends HttpRequestDecoder {

    private static final String HTTP_NAME = "HTTP/";

    private final FieldLines lines =
            new FieldLines(Failure.of(ProxyError.BAD_REQUEST, "The request has a malformed line."));

    private final EmptyLines emptyLines = new EmptyLines();
    private final ChunkOverhead overhead;
    private boolean headBegun;

    /** Where the last word of a request line ended, while it is split. */
    private int wordEnd;

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
        emptyLines.beforeStep(buffer);
        int from = buffer.readerIndex();
        super.decode(ctx, buffer, out);
        lines.taken(buffer, from, out);
        overhead.step(buffer.readerIndex() - from, out);
        emptyLines.afterStep(out);
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
        lines.headBegins();
        require(emptyLines.requestBegins());
        require(words[2].startsWith(HTTP_NAME));
        words[2] = StartLine.version(words[2]);
        return super.createMessage(words);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        AsciiString name = super.splitHeaderName(line, start, length);
        lines.name(name, line, start + length, headBegun);
        return name;
    }

    /**
     * Asked once a head is there. Without either field there is no body (RFC 9112 §6.3); for the long forgotten handshake of a WebSocket
     * draft Netty would take eight bytes, which to the upstream begin the next request.
     */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage head) {
        require(!lines.hasSeveralLengths());
        return !lines.hasLength() && !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }
}
