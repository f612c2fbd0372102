package dev.valifyproxy.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CACHE_CONTROL;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.RETRY_AFTER;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Answers that the proxy gives in the upstream's place, so marked that nobody takes them for Valify's. Pure. */
public final class ErrorResponse {

    /** Carries the error type (RFC 9209). */
    public static final AsciiString PROXY_STATUS = AsciiString.cached("proxy-status");

    /** A pause that keeps well-meaning clients from hammering; never 0, at which OkHttp repeats the call at once. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private ErrorResponse() {}

    /** Whether repeating the call is safe: {@code performed} in the body. */
    public enum Performed {
        /** The call did not reach the upstream's application. */
        NO("no"),
        /** It may have been performed, and billed. */
        UNKNOWN("unknown");

        private final String text;

        Performed(String text) {
            this.text = text;
        }
    }

    /** The answer for a failure. */
    public static FullHttpResponse of(Failure failure, Performed performed) {
        ProxyError error = failure.error();
        String json = "{\"message\":\"" + escape(failure.clientText()) + "\",\"proxy_error\":\"" + error.code()
                + "\",\"performed\":\"" + performed.text + "\"}";
        FullHttpResponse response = json(error.status(), json);
        response.headers().set(PROXY_STATUS, "valify-proxy; error=" + failure.proxyStatusType());
        if (error.status().code() == HttpResponseStatus.SERVICE_UNAVAILABLE.code()) {
            response.headers().set(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return response;
    }

    /** An answer of our own with this JSON text; never stored by caches. */
    public static FullHttpResponse json(HttpResponseStatus status, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(CONTENT_LENGTH, body.length)
                .set(CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        return response;
    }

    /** The texts are ours, ASCII but for what a message quotes; quotes and backslashes are all that can need escaping. */
    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
