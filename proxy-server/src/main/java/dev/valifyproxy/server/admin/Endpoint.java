package dev.valifyproxy.server.admin;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What is found at one path of the admin port. Called on the admin loop, so it must not block. */
@FunctionalInterface
interface Endpoint {

    /**
     * Answers a GET.
     *
     * @param request the request's header fields
     * @throws IOException if the answer cannot be written down
     */
    FullHttpResponse get(HttpHeaders request) throws IOException;

    /** An answer with this body. */
    static FullHttpResponse answer(HttpResponseStatus status, String contentType, String body) {
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8)));
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        return answer;
    }
}
