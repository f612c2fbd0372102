package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Netty's decoder takes of a head without a word, and which can be seen only in its bytes or while it is decoded: folded lines (RFC
 * 9112 §5.2), a bare CR or LF before the first line (§2.2), and a second {@code Content-Length} in HTTP/1.0, which it drops (§6.3). The
 * decoder tells it what it does; the head is marked. One per decoder.
 */
final class HeadStrictness {

    private boolean inHead = true;
    private boolean firstLineRead;
    private boolean emptyLines;
    private boolean afterCr;
    private int lengths;
    private @Nullable String flaw;

    /** Before a decoder's step: looks at what it is about to read. */
    void beforeStep(ByteBuf buffer) {
        if (inHead) {
            int start = firstLineRead ? buffer.readerIndex() : endOfEmptyLines(buffer);
            if (hasFold(buffer, start)) {
                flaw = "a folded line";
            }
        }
    }

    /** The decoder has read a head's first line. */
    void firstLineRead() {
        firstLineRead = true;
        lengths = 0;
        if (afterCr) {
            flaw = "a bare CR before the first line";
            afterCr = false;
        }
    }

    /** The decoder has read a field's name. */
    AsciiString nameRead(AsciiString name) {
        if (inHead && name.contentEqualsIgnoreCase(HttpHeaderNames.CONTENT_LENGTH) && ++lengths > 1) {
            flaw = "a second Content-Length";
        }
        return name;
    }

    /** After a decoder's step: marks a head that came out of it. */
    void afterStep(List<Object> out) {
        for (int i = 0; i < out.size(); i++) {
            Object msg = out.get(i);
            if (msg instanceof HttpMessage head) {
                mark(head);
                inHead = false;
            }
            if (msg instanceof LastHttpContent) {
                inHead = true;
            }
        }
    }

    private void mark(HttpMessage head) {
        if (flaw != null && head.decoderResult().isSuccess()) {
            head.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(flaw)));
        }
        flaw = null;
        firstLineRead = false;
        emptyLines = false;
    }

    /** Whether empty lines, or what would be, stand before a message that has not come yet. */
    boolean hasEmptyLines() {
        return emptyLines;
    }

    /** Skips what the decoder will skip, an empty line being CR and LF (RFC 9112 §2.2). */
    private int endOfEmptyLines(ByteBuf buffer) {
        int i = buffer.readerIndex();
        while (i < buffer.writerIndex() && isLineEnd(buffer.getByte(i))) {
            boolean cr = buffer.getByte(i) == HttpConstants.CR;
            if (cr == afterCr) {
                flaw = "a bare CR or LF before the first line";
            }
            afterCr = cr;
            emptyLines = true;
            i++;
        }
        return i;
    }

    /** A line that begins with a space. The lines that the decoder has read are gone, so the first one here may be one. */
    private boolean hasFold(ByteBuf buffer, int start) {
        int end = buffer.writerIndex();
        if (firstLineRead && start < end && isSpace(buffer.getByte(start))) {
            return true;
        }
        int lineFeed = buffer.indexOf(start, end, HttpConstants.LF);
        while (lineFeed >= 0 && lineFeed + 1 < end) {
            byte next = buffer.getByte(lineFeed + 1);
            if (isSpace(next) || isLineEnd(next)) {
                return isSpace(next);
            }
            lineFeed = buffer.indexOf(lineFeed + 1, end, HttpConstants.LF);
        }
        return false;
    }

    private static boolean isSpace(byte b) {
        return b == HttpConstants.SP || b == HttpConstants.HT;
    }

    private static boolean isLineEnd(byte b) {
        return b == HttpConstants.CR || b == HttpConstants.LF;
    }
}
