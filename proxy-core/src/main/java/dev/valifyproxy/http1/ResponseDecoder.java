package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Netty's decoder, told whether it reads the answer to a HEAD, asked whether bytes are left behind an answer, and strict where it is
 * lenient: about a status line's shape (RFC 9112 §4), what stands before it, and its fields' lines. One per upstream channel, on its
 * event loop.
 */
final class ResponseDecoder extends HttpResponseDecoder {

    private static final byte[] HTTP_NAME = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    /** Where a status line's version ends, and its status. */
    private static final int VERSION_END = 8;

    private static final int STATUS_END = 12;

    private final FieldLines lines =
            new FieldLines(Failure.of(ProxyError.UPSTREAM_MALFORMED, "The upstream's answer has a malformed line."));

    private boolean answersHead;
    private boolean betweenAnswers = true;
    private boolean headBegun;
    private boolean strayLineEnds;

    ResponseDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** Of the next final answer. */
    void answersHead(boolean toHead) {
        answersHead = toHead;
    }

    /** Whether bytes came that belong to no answer decoded so far, be it that some of the next one's head is taken already. */
    boolean hasUndecodedBytes() {
        return actualReadableBytes() > 0 || headBegun || strayLineEnds;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        int from = buffer.readerIndex();
        boolean begins = betweenAnswers;
        super.decode(ctx, buffer, out);
        int fields = begins ? statusLineTaken(buffer, from) : from;
        lines.taken(buffer, fields, out);
        if (!out.isEmpty()) {
            headBegun = false;
            betweenAnswers = out.get(out.size() - 1) instanceof LastHttpContent;
        }
    }

    /** Judges it, if it was taken; where the fields begin. */
    private int statusLineTaken(ByteBuf buffer, int from) {
        int to = buffer.readerIndex();
        int end = FieldLines.nextLine(buffer, from, to);
        if (end > from && !isStatusLine(buffer, from, end - 2)) {
            lines.malformed();
            // Netty takes line ends before an answer; behind one, they are bytes that nobody asked for.
            strayLineEnds |= betweenAnswers;
        }
        return end;
    }

    /** Version, a space, three digits, and as a rule another space and a reason; until the line's end. */
    private static boolean isStatusLine(ByteBuf buffer, int from, int end) {
        int length = end - from;
        if (length < STATUS_END
                || buffer.getByte(from + VERSION_END) != HttpConstants.SP
                || (length > STATUS_END && buffer.getByte(from + STATUS_END) != HttpConstants.SP)) {
            return false;
        }
        for (int i = 0; i < HTTP_NAME.length; i++) {
            if (buffer.getByte(from + i) != HTTP_NAME[i]) {
                return false;
            }
        }
        for (int i = from + VERSION_END + 1; i < from + STATUS_END; i++) {
            if (buffer.getByte(i) < '0' || buffer.getByte(i) > '9') {
                return false;
            }
        }
        return !FieldLines.isAnyControl(buffer, from, end);
    }

    @Override
    protected HttpMessage createMessage(String[] words) {
        betweenAnswers = false;
        headBegun = true;
        lines.headBegins();
        words[0] = StartLine.version(words[0]);
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
