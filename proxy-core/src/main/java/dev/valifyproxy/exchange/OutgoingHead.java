package dev.valifyproxy.exchange;

import dev.valifyproxy.http.HopByHop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
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
        if (!replace(headers, HttpHeaderNames.HOST, host)) {
            headers.add(HttpHeaderNames.HOST, host);
        }
    }

    /** Gives a field another value, its place and spelling left alone; false if there is none of this name. */
    static boolean replace(HttpHeaders headers, AsciiString name, CharSequence value) {
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            if (name.contentEqualsIgnoreCase(field.getKey())) {
                field.setValue(value);
                return true;
            }
        }
        return false;
    }
}
