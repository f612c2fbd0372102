package dev.valifyproxy.http1;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;

/** Netty's encoder, told whether it answers a HEAD: such an answer ends with its head, whatever its fields say (RFC 9112 §6.3). */
final class ResponseEncoder extends HttpResponseEncoder {

    private boolean answersHead;

    /** Of the next final answer. */
    void answersHead(boolean toHead) {
        answersHead = toHead;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse msg) {
        return super.isContentAlwaysEmpty(msg)
                || (answersHead && msg.status().codeClass() != HttpStatusClass.INFORMATIONAL);
    }
}
