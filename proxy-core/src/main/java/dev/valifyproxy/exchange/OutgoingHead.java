package dev.valifyproxy.exchange;

import dev.valifyproxy.http.HopByHop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.Map;

/** Makes a client's head the one that goes upstream. Pure but for the head itself. */
final class OutgoingHead {

    private OutgoingHead() {}

    /** Hop-by-hop fields go, {@code Host} becomes the upstream's in its old place; everything else stays as it is, in its order. */
    static void prepare(HttpRequest head, String target, CharSequence host) {
        head.setUri(target);
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        HopByHop.strip(head.headers());
        setHost(head.headers(), host);
    }

    private static void setHost(HttpHeaders headers, CharSequence host) {
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            if (HttpHeaderNames.HOST.contentEqualsIgnoreCase(field.getKey())) {
                field.setValue(host);
                return;
            }
        }
        headers.add(HttpHeaderNames.HOST, host);
    }
}
