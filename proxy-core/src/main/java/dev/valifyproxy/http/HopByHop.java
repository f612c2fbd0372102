package dev.valifyproxy.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Fields that speak of one connection and end with it (RFC 9110 §7.6.1). Pure. */
public final class HopByHop {

    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");

    /** What a message loses besides the fields its {@code Connection} names; framing is the codec's to set. */
    private static final List<AsciiString> FIELDS = List.of(
            HttpHeaderNames.CONNECTION,
            KEEP_ALIVE,
            PROXY_CONNECTION,
            HttpHeaderNames.TE,
            HttpHeaderNames.UPGRADE,
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.PROXY_AUTHENTICATE);

    /** What no {@code Connection} can take away: the fields we set, and those that say where a message ends. */
    private static final List<AsciiString> PROTECTED = List.of(
            HttpHeaderNames.AUTHORIZATION,
            HttpHeaderNames.HOST,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.CONTENT_ENCODING,
            HttpHeaderNames.DATE);

    private HopByHop() {}

    /** Removes them from a head. */
    public static void strip(HttpHeaders headers) {
        if (hasAny(headers)) {
            remove(headers);
        }
    }

    private static boolean hasAny(HttpHeaders headers) {
        for (int i = 0; i < FIELDS.size(); i++) {
            if (headers.contains(FIELDS.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static void remove(HttpHeaders headers) {
        List<String> connection = headers.getAll(HttpHeaderNames.CONNECTION);
        boolean isUsual = connection.size() == 1 && namesNoField(connection.get(0));
        if (!connection.isEmpty() && !isUsual) {
            removeNominated(headers, connection);
        }
        for (int i = 0; i < FIELDS.size(); i++) {
            headers.remove(FIELDS.get(i));
        }
    }

    /** Removes from trailers what must not come after a body: fields that frame, route or authenticate (RFC 9110 §6.5.1). */
    public static void stripTrailers(HttpHeaders trailers) {
        if (!trailers.isEmpty()) {
            strip(trailers);
            PROTECTED.forEach(trailers::remove);
            trailers.remove(HttpHeaderNames.TRAILER);
            trailers.remove(HttpHeaderNames.SET_COOKIE);
            trailers.remove(HttpHeaderNames.COOKIE);
        }
    }

    /** What nearly every {@code Connection} says; {@code Close} is reserved, and no field (RFC 9112 §12.1). */
    private static boolean namesNoField(String connection) {
        return HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(connection)
                || HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(connection);
    }

    /** Each field once, however often it is named: a head can name thousands. */
    private static void removeNominated(HttpHeaders headers, List<String> connection) {
        Set<String> nominated = new HashSet<>();
        for (String value : connection) {
            FieldSyntax.forEachElement(
                    value, name -> nominated.add(name.toString().toLowerCase(Locale.ROOT)));
        }
        for (AsciiString kept : PROTECTED) {
            nominated.remove(kept.toString());
        }
        for (String name : headers.names()) {
            if (nominated.contains(name.toLowerCase(Locale.ROOT))) {
                headers.remove(name);
            }
        }
    }
}
