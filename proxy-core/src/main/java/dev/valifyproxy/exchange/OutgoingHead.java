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

    /** The same for a call of this profile, which may say where it comes from. */
    static void prepare(HttpRequest head, String target, Profile profile, ClientConnection connection) {
        Provenance provenance = profile.provenance();
        if (provenance == null) {
            prepare(head, target, profile.host());
            return;
        }
        HttpVersion received = head.protocolVersion();
        String host = ProfileMatch.host(head);
        prepare(head, target, profile.host());
        // Behind what the client's Connection could name away.
        provenance.addTo(head.headers(), received, host, connection.address());
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

    /** Puts an element at the end of a list, which may have several lines; their place and spelling are left alone. */
    static void append(HttpHeaders headers, AsciiString name, CharSequence element) {
        Map.Entry<CharSequence, CharSequence> last = null;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            last = name.contentEqualsIgnoreCase(field.getKey()) ? field : last;
        }
        if (last == null) {
            headers.add(name, element);
        } else if (last.getValue().length() == 0) {
            last.setValue(element);
        } else {
            last.setValue(last.getValue() + ", " + element);
        }
    }
}
