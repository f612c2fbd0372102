package dev.valifyproxy.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;

/** What is called and what a right answer is. */
final class Target {

    private final URI uri;
    private final ByteBuf body;
    private final int answerBytes;

    /**
     * Calls of one URL.
     *
     * @param uri with http
     * @param bodyBytes sent with each; 0 makes it a GET
     * @param answerBytes that the answer's body must have
     */
    Target(URI uri, int bodyBytes, int answerBytes) {
        this.uri = uri;
        this.body = SharedBytes.of("A".repeat(bodyBytes).getBytes(US_ASCII));
        this.answerBytes = answerBytes;
    }

    URI uri() {
        return uri;
    }

    /** The request of the call with this number. */
    FullHttpRequest request(long call) {
        boolean bare = !body.isReadable();
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, bare ? HttpMethod.GET : HttpMethod.POST, uri.getRawPath(), body.duplicate());
        request.headers().set(HttpHeaderNames.HOST, uri.getAuthority()).set(StrictHandler.CALL, call);
        if (!bare) {
            request.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        return request;
    }

    /** Judges a complete answer to it. */
    Verdict judge(long call, int status, String answeredCall, long length) {
        if (status != 200) {
            return Verdict.WRONG_STATUS;
        }
        if (!answeredCall.equals(Long.toString(call))) {
            return Verdict.WRONG_CALL;
        }
        return length == answerBytes ? Verdict.RIGHT : Verdict.WRONG_LENGTH;
    }
}
