package dev.valifyproxy.http;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/** Parts a message that came whole, for those who keep its head and its body for different times. Pure. */
public final class WholeMessage {

    private WholeMessage() {}

    /** Its head, with the same fields, not a copy of them. */
    public static HttpRequest headOf(FullHttpRequest whole) {
        return new DefaultHttpRequest(whole.protocolVersion(), whole.method(), whole.uri(), whole.headers());
    }

    /** Its head, with the same fields, not a copy of them. */
    public static HttpResponse headOf(FullHttpResponse whole) {
        return new DefaultHttpResponse(whole.protocolVersion(), whole.status(), whole.headers());
    }

    /** Its body, which owns the bytes from now on. */
    public static LastHttpContent contentOf(FullHttpMessage whole) {
        return whole.content().isReadable()
                ? new DefaultLastHttpContent(whole.content(), whole.trailingHeaders())
                : LastHttpContent.EMPTY_LAST_CONTENT;
    }
}
