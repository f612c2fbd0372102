package dev.valifyproxy.injection;

import dev.valifyproxy.token.TokenLease;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the small JSON answers that pass, and reads what the upstream says is left on their tokens. Nothing is held back or changed;
 * a copy of at most {@value #MAX_SEEN} bytes lives until its answer has passed. One per upstream channel, confined to its event loop.
 */
final class UsesObserver {

    static final int MAX_SEEN = 4 * 1024;

    private static final byte[] NOTHING = {};

    private final ObjIntConsumer<TokenLease> learner;

    /** Whose answer is passing, or null if none is looked at. */
    private @Nullable TokenLease lease;

    /** What has passed of it. */
    private byte[] seen = NOTHING;

    /** Tells the learner, at the end of each answer that says so, how many uses are left on the lease's token. */
    UsesObserver(ObjIntConsumer<TokenLease> learner) {
        this.learner = learner;
    }

    /** The head of an answer passes that went to this lease, resolved already. */
    void begin(TokenLease accepted, HttpResponse answer) {
        end();
        if (mayTell(answer)) {
            lease = accepted;
        }
    }

    private static boolean mayTell(HttpResponse answer) {
        HttpResponseStatus status = answer.status();
        return (status.codeClass() == HttpStatusClass.SUCCESS || status.code() == 422) && isPlainJson(answer);
    }

    private static boolean isPlainJson(HttpResponse answer) {
        CharSequence type = HttpUtil.getMimeType(answer);
        String coding = answer.headers().get(HttpHeaderNames.CONTENT_ENCODING);
        return type != null
                && AsciiString.contentEqualsIgnoreCase(AsciiString.trim(type), HttpHeaderValues.APPLICATION_JSON)
                && (coding == null || HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(coding));
    }

    /** A part of an answer is about to pass. */
    void passing(Object msg) {
        if (lease == null || !(msg instanceof HttpContent content)) {
            return;
        }
        if (content.decoderResult().isFailure()
                || seen.length + content.content().readableBytes() > MAX_SEEN) {
            end();
            return;
        }
        copy(content.content());
        if (msg instanceof LastHttpContent) {
            tell(lease);
            end();
        }
    }

    private void copy(ByteBuf bytes) {
        int before = seen.length;
        seen = Arrays.copyOf(seen, before + bytes.readableBytes());
        bytes.getBytes(bytes.readerIndex(), seen, before, bytes.readableBytes());
    }

    private void tell(TokenLease answered) {
        int remaining = TrialsRemaining.in(seen);
        if (remaining != TrialsRemaining.UNTOLD) {
            learner.accept(answered, remaining);
        }
    }

    /** Forgets the answer: it has passed, or its rest will not come. */
    private void end() {
        lease = null;
        seen = NOTHING;
    }
}
