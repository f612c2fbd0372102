package dev.valifyproxy.injection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;

/** An answer held back until it is known whether it refuses the token. Owns the contents it holds. Confined to its event loop. */
final class AnswerPeek {

    private final HttpResponse head;
    private final List<HttpContent> contents = new ArrayList<>(2);
    private int bytes;
    private boolean complete;

    AnswerPeek(HttpResponse head) {
        this.head = head;
    }

    void add(HttpContent content) {
        contents.add(content);
        bytes += content.content().readableBytes();
        complete = content instanceof LastHttpContent;
    }

    /** Whether nothing more needs to be seen: the answer is complete, or too long to be a refusal. */
    boolean isDecided() {
        return complete || bytes > RejectionRules.MAX_PEEK;
    }

    boolean isRejection(RejectionRules rules) {
        return complete && bytes <= RejectionRules.MAX_PEEK && rules.isRejection(head, joined());
    }

    private ByteBuf joined() {
        return Unpooled.wrappedUnmodifiableBuffer(
                contents.stream().map(HttpContent::content).toArray(ByteBuf[]::new));
    }

    HttpResponse head() {
        return head;
    }

    /** The contents, the caller's from now on. */
    List<HttpContent> contents() {
        return contents;
    }

    void release() {
        contents.forEach(HttpContent::release);
        contents.clear();
    }
}
