package dev.valifyproxy.http1;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;

/** What several handlers ask of a message. Pure. */
final class MessageKinds {

    private MessageKinds() {}

    /** Whether it is an interim answer (RFC 9110 §15.2), behind which the final one is still to come. */
    static boolean isInterim(Object msg) {
        return msg instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
