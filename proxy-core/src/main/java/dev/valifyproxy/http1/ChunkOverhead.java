package dev.valifyproxy.http1;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Bounds what a chunked request spends on chunk sizes, extensions and trailers (RFC 9112 §7.1.1): a body of many small chunks with a long
 * extension each keeps every other limit, and costs thousands of bytes for one of content. One per decoder.
 */
final class ChunkOverhead {

    /** A chunk of one byte needs 5 more; 16 leave room for padded sizes. */
    private static final int BYTES_PER_BYTE = 16;

    private final long allowance;
    private boolean inBody;
    private long spent;

    /**
     * What is spent is compared with an allowance that the body's own bytes raise.
     *
     * @param maxHead in bytes: twice that is free, for trailers may be as large as a head
     */
    ChunkOverhead(int maxHead) {
        this.allowance = 2L * maxHead;
    }

    /** After a decoder's step that read this many bytes: marks the content that came out of it if the message has spent too much. */
    void step(int read, List<Object> out) {
        long content = 0;
        for (int i = 0; i < out.size(); i++) {
            content += out.get(i) instanceof HttpContent part ? part.content().readableBytes() : 0;
        }
        if (inBody) {
            spent += read - content - BYTES_PER_BYTE * content;
        }
        for (int i = 0; i < out.size(); i++) {
            note(out.get(i));
        }
    }

    private void note(Object msg) {
        if (msg instanceof HttpMessage) {
            inBody = true;
            spent = 0;
        } else if (spent > allowance
                && msg instanceof HttpContent content
                && content != LastHttpContent.EMPTY_LAST_CONTENT) {
            content.setDecoderResult(
                    DecoderResult.failure(new IllegalArgumentException("more chunk framing than content")));
        }
        if (msg instanceof LastHttpContent) {
            inBody = false;
        }
    }
}
