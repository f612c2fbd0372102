package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.InvalidMessage;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Looks at the lines of fields that Netty's decoder has taken, for what it lets pass and cannot be asked about afterwards: lines that
 * continue another, names with white space in them, several lengths, control characters in trailers that it drops. One per decoder, on
 * its event loop.
 */
final class FieldLines {

    private final Failure failure;
    private int lengths;
    private boolean spacedName;
    private boolean droppedTrailer;
    private boolean malformed;

    FieldLines(Failure failure) {
        this.failure = failure;
    }

    void headBegins() {
        lengths = 0;
    }

    /** Of the head that has just been taken: Netty keeps the first of several in HTTP/1.0 (RFC 9112 §6.3: unrecoverable). */
    boolean hasSeveralLengths() {
        return lengths > 1;
    }

    /** Whether the head that has just been taken says how long its body is. */
    boolean hasLength() {
        return lengths > 0;
    }

    /** A name that Netty has found in a line, which goes on at this index. */
    void name(AsciiString name, byte[] line, int end, boolean inHead) {
        boolean isLength = HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name);
        if (inHead && isLength) {
            lengths++;
        }
        spacedName |= line[end] != ':';
        droppedTrailer |= !inHead
                && (isLength
                        || HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)
                        || HttpHeaderNames.TRAILER.contentEqualsIgnoreCase(name));
    }

    /** The message is malformed, for a reason that was found elsewhere. */
    void malformed() {
        malformed = true;
    }

    /**
     * The decoder has gone a step: these bytes it took, this it yielded. It takes lines whole, and in one step never lines and a body's
     * bytes, unless that step yields some of the body. A head or trailers with something wrong in their lines are marked.
     */
    void taken(ByteBuf buffer, int from, List<Object> yielded) {
        int to = buffer.readerIndex();
        if (isAllLines(yielded)) {
            malformed |= isAnyFolded(buffer, from, to)
                    || (spacedName && isAnyNameBroken(buffer, from, to))
                    || (droppedTrailer && hasControls(buffer, from, to));
            spacedName = false;
            droppedTrailer = false;
        }
        if (!yielded.isEmpty()) {
            mark(yielded.get(0));
        }
    }

    private void mark(Object yielded) {
        if (malformed
                && yielded instanceof HttpObject part
                && part.decoderResult().isSuccess()) {
            part.setDecoderResult(InvalidMessage.result(failure));
        }
        malformed = false;
    }

    /** Whether a step took nothing but lines: of a head, a chunk's, or trailers. */
    private static boolean isAllLines(List<Object> yielded) {
        Object last = yielded.isEmpty() ? null : yielded.get(yielded.size() - 1);
        return !(last instanceof HttpContent content)
                || (content instanceof LastHttpContent && !content.content().isReadable());
    }

    /** A line that begins with white space continues the one before (RFC 9112 §5.2), or hides where a head begins (§2.2). */
    private static boolean isAnyFolded(ByteBuf buffer, int from, int to) {
        for (int line = from; line < to; line = nextLine(buffer, line, to)) {
            if (isWhitespace(buffer.getByte(line))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a name is followed by white space, and that by anything but its colon (RFC 9112 §5.1). */
    private static boolean isAnyNameBroken(ByteBuf buffer, int from, int to) {
        for (int line = from; line < to; line = nextLine(buffer, line, to)) {
            int end = line;
            while (end < to && buffer.getByte(end) > ' ' && buffer.getByte(end) != ':') {
                end++;
            }
            int colon = end;
            while (colon < to && isWhitespace(buffer.getByte(colon))) {
                colon++;
            }
            if (colon > end && (colon == to || buffer.getByte(colon) != ':')) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasControls(ByteBuf buffer, int from, int to) {
        for (int line = from, next; line < to; line = next) {
            next = nextLine(buffer, line, to);
            if (isAnyControl(buffer, line, next - 2)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a line has what may stand in none (RFC 9110 §5.5); until its CRLF. */
    static boolean isAnyControl(ByteBuf buffer, int line, int end) {
        for (int i = line; i < end; i++) {
            byte b = buffer.getByte(i);
            if ((b >= 0 && b < ' ' && b != HttpConstants.HT) || b == HttpConstants.DEL) {
                return true;
            }
        }
        return false;
    }

    /** Where the line behind this one begins. */
    static int nextLine(ByteBuf buffer, int line, int to) {
        int feed = buffer.indexOf(line, to, HttpConstants.LF);
        return feed < 0 ? to : feed + 1;
    }

    private static boolean isWhitespace(byte b) {
        return b == HttpConstants.SP || b == HttpConstants.HT;
    }
}
