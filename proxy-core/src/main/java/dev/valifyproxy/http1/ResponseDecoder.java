package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Netty's decoder, told whether it reads the answer to a HEAD, asked whether bytes are left behind an answer, and strict where it is
 * lenient: about its fields' lines. One per upstream channel, on its
 * event loop.
 */
final class ResponseDecoder extends HttpResponseDecoder {

    private final FieldLines lines =
            new FieldLines(Failure.of(ProxyError.UPSTREAM_MALFORMED, "The upstream's answer has a malformed line."));

    private boolean answersHead;
    private boolean betweenAnswers = true;
    private boolean headBegun;

    ResponseDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** Of the next final answer. */
    void answersHead(boolean toHead) {
        answersHead = toHead;
    }

    /** Whether bytes came that belong to no answer decoded so far, be it that some of the next one's head is taken already. */
    boolean hasUndecodedBytes() {
        return actualReadableBytes() > 0 || headBegun;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        int from = buffer.readerIndex();
        boolean begins = betweenAnswers;
        super.decode(ctx, buffer, out);
        int fields = begins ? FieldLines.nextLine(buffer, from, buffer.readerIndex()) : from;
        lines.taken(buffer, fields, out);
        if (!out.isEmpty()) {
            headBegun = false;
            betweenAnswers = out.get(out.size() - 1) instanceof LastHttpContent;
        }
    }

    @Override
    protected HttpMessage createMessage(String[] words) {
        betweenAnswers = false;
        headBegun = true;
        lines.headBegins();
        return super.createMessage(words);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        AsciiString name = super.splitHeaderName(line, start, length);
        lines.name(name, line, start + length, headBegun);
        return name;
    }

    /** Asked once a head is there. */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage msg) {
        if (lines.hasSeveralLengths()) {
            throw new IllegalArgumentException("several lengths");
        }
        return super.isContentAlwaysEmpty(msg)
                || (answersHead
                        && msg instanceof HttpResponse head
                        && head.status().codeClass() != HttpStatusClass.INFORMATIONAL);
    }
}
