package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * The empty lines before a request, which Netty's decoder skips byte by byte, so that a bare CR or LF passes for one (RFC 9112 §2.2: an
 * empty line is CR and LF). One per decoder, on its event loop.
 */
final class EmptyLines {

    private boolean betweenRequests = true;
    private boolean afterCr;
    private boolean bare;

    /** Before a step of the decoder, which takes at once what is looked at here. */
    void beforeStep(ByteBuf buffer) {
        for (int i = buffer.readerIndex(); betweenRequests && i < buffer.writerIndex(); i++) {
            byte b = buffer.getByte(i);
            if (b != HttpConstants.CR && b != HttpConstants.LF) {
                return;
            }
            boolean cr = b == HttpConstants.CR;
            bare |= cr == afterCr;
            afterCr = cr;
        }
    }

    /** A request line is there: whether all lines before it were whole. */
    boolean requestBegins() {
        boolean whole = !bare && !afterCr;
        betweenRequests = false;
        bare = false;
        afterCr = false;
        return whole;
    }

    /** After a step of the decoder, which yielded this. */
    void afterStep(List<Object> yielded) {
        if (!yielded.isEmpty() && yielded.get(yielded.size() - 1) instanceof LastHttpContent) {
            betweenRequests = true;
        }
    }
}
