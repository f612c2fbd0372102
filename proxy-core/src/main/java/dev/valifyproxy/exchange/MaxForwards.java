package dev.valifyproxy.exchange;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;

/** {@code Max-Forwards} of an OPTIONS request (RFC 9110 §7.6.2). */
final class MaxForwards {

    private static final AsciiString MAX_FORWARDS = HttpHeaderNames.MAX_FORWARDS;
    private static final String ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private MaxForwards() {}

    /** Whether the request is to go no further than here; if it is, the field counts one less from now on. */
    static boolean isUsedUp(HttpRequest options) {
        String value = options.headers().get(MAX_FORWARDS);
        if (value == null
                || value.isEmpty()
                || value.length() > 9
                || !value.chars().allMatch(Character::isDigit)) {
            return false;
        }
        int left = Integer.parseInt(value);
        if (left == 0) {
            return true;
        }
        OutgoingHead.replace(options.headers(), MAX_FORWARDS, Integer.toString(left - 1));
        return false;
    }

    static FullHttpResponse answer() {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.ALLOW, ALLOWED)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        return response;
    }
}
