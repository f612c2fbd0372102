package dev.valifyproxy.exchange;

import dev.valifyproxy.worker.Deadline;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/**
 * {@code Expect: 100-continue}, end to end (RFC 9110 §10.1.1): the upstream's 100 is relayed; when it sends none for a while, many servers
 * never do, the client gets ours, and then no second one. Confined to the call's event loop.
 */
final class ContinueRule {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final boolean expected;
    private final Deadline patience;
    private boolean continued;

    ContinueRule(HttpRequest head, Deadline patience) {
        this.expected = HttpUtil.is100ContinueExpected(head);
        this.patience = patience;
    }

    /** The head is on its way upstream. */
    void headHandedOver() {
        if (expected && !continued) {
            patience.set(PATIENCE_NANOS);
        }
    }

    /** Whether the client is to see this interim answer. */
    boolean isToBeRelayed(HttpResponse interim) {
        if (interim.status().code() != HttpResponseStatus.CONTINUE.code()) {
            return true;
        }
        patience.clear();
        boolean first = !continued;
        continued = true;
        return first;
    }

    /** The 100 of our own. */
    HttpResponse ownContinue() {
        continued = true;
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
    }
}
