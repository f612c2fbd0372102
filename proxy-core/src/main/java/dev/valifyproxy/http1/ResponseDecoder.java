package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Netty's decoder, told whether it reads the answer to a HEAD, asked whether bytes are left behind an answer, and strict where it is
 * lenient: see {@link StartLine} and {@link HeadStrictness}. One per upstream channel, on its event loop.
 */
final class ResponseDecoder extends HttpResponseDecoder {

    private final HeadStrictness strictness = new HeadStrictness();
    private boolean answersHead;

    ResponseDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** Of the next final answer. */
    void answersHead(boolean toHead) {
        answersHead = toHead;
    }

    /** Whether bytes came that belong to no answer decoded so far, be they line ends, which Netty skips. */
    boolean hasUndecodedBytes() {
        return actualReadableBytes() > 0 || strictness.hasEmptyLines();
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage msg) {
        return super.isContentAlwaysEmpty(msg)
                || (answersHead
                        && msg instanceof HttpResponse head
                        && head.status().codeClass() != HttpStatusClass.INFORMATIONAL);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        strictness.beforeStep(buffer);
        super.decode(ctx, buffer, out);
        strictness.afterStep(out);
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        StartLine.requireNothingBefore(start);
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        StartLine.requireStatus(line, start, length);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        StartLine.requireReason(line, start, length);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    @Override
    protected HttpMessage createMessage(String[] words) {
        strictness.firstLineRead();
        words[0] = StartLine.version(words[0]);
        return super.createMessage(words);
    }

    /** Netty ends a name at a space and drops what stands between it and the colon, if there is one at all (RFC 9112 §5.1). */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (line[start + length] != ':') {
            throw new IllegalArgumentException("a field name that does not end with its colon");
        }
        return strictness.nameRead(super.splitHeaderName(line, start, length));
    }
}
