package dev.valifyproxy.http1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.List;

/** What several handlers and both sides' rules ask of a message. Pure. */
final class MessageKinds {

    private MessageKinds() {}

    /** Whether it is an interim answer (RFC 9110 §15.2), behind which the final one is still to come. */
    static boolean isInterim(Object msg) {
        return msg instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /** Whether its transfer coding is none, or chunked and nothing else (RFC 9112 §6.1). */
    static boolean isPlainOrChunked(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return true;
        }
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                        codings.get(0).trim());
    }
}
