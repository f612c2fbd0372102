package dev.valifyproxy.http1;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.http.MessageKinds;
import dev.valifyproxy.worker.Worker;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Gives each answer the framing that its client understands (RFC 9112 §6): its length where one is known, else chunks, else the end of
 * the connection; says whether the connection stays; adds {@code Date} where missing (RFC 9110 §6.6.1). One per client channel, on its
 * event loop.
 */
final class ResponseFraming extends ChannelDuplexHandler {

    private final Worker worker;
    private final ResponseEncoder encoder;
    private boolean isHttp10;
    private boolean isHead;
    private boolean keepAlive;
    private boolean draining;
    /** Whether an answer is on whose end only the connection's tells. */
    private boolean endsWithConnection;

    ResponseFraming(Worker worker, ResponseEncoder encoder) {
        this.worker = worker;
        this.encoder = encoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof DefaultHttpRequest head) {
            boolean valid = head.decoderResult().isSuccess();
            isHttp10 = valid && head.protocolVersion().equals(HttpVersion.HTTP_1_0);
            isHead = head.method().equals(HttpMethod.HEAD);
            keepAlive = valid && HttpUtil.isKeepAlive(head);
        }
        ctx.fireChannelRead(msg);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        draining |= event == ConnectionEvent.DRAIN;
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof DefaultHttpResponse head) {
            if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                writeInterim(ctx, head, promise);
                return;
            }
            frame(head);
        }
        boolean bodiless = isHead;
        if (MessageKinds.isLast(msg)) {
            // What comes before the next request is no answer to a HEAD.
            isHead = false;
            endsWithConnection = false;
        }
        if (bodiless && msg instanceof HttpContent content && content.content().isReadable()) {
            withoutBody(ctx, content, promise);
            return;
        }
        ctx.write(msg, promise);
    }

    /** An answer broken off must not look complete: where the connection's end in order would say so, it ends by a reset. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (endsWithConnection) {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        ctx.close(promise);
    }

    /** HTTP/1.0 knows no interim answers (RFC 9110 §15.2). */
    private void writeInterim(ChannelHandlerContext ctx, HttpResponse head, ChannelPromise promise) {
        if (isHttp10) {
            ReferenceCountUtil.release(head);
            promise.setSuccess();
            return;
        }
        withoutLength(head);
        ctx.write(head, promise);
    }

    private void frame(HttpResponse response) {
        HttpHeaders headers = response.headers();
        response.setProtocolVersion(HttpVersion.HTTP_1_1);
        encoder.answersHead(isHead);
        withoutLength(response);
        boolean hasLength = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        boolean endless = !hasLength && hasBody(response);
        endsWithConnection = endless && isHttp10;
        if (!endless || isHttp10) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        } else if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (!keepAlive || draining || endsWithConnection) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (isHttp10 && !headers.contains(HttpHeaderNames.CONNECTION)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        if (!headers.contains(HttpHeaderNames.DATE)) {
            headers.set(HttpHeaderNames.DATE, worker.date().now());
        }
    }

    private boolean hasBody(HttpResponse response) {
        return !isHead && !isBodiless(response.status());
    }

    /** Whether an answer ends with its head, whatever it answers (RFC 9112 §6.3); a 205 has no content either (RFC 9110 §15.3.6). */
    static boolean isBodiless(HttpResponseStatus status) {
        int code = status.code();
        return code == 204 || code == 304 || code == 205 || status.codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /** Neither an interim answer nor a 204 says how long it is (RFC 9110 §8.6, RFC 9112 §6.1); a 205 is empty and says so. */
    private static void withoutLength(HttpResponse response) {
        HttpHeaders headers = response.headers();
        int code = response.status().code();
        if (code < 200 || code == 204) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        } else if (code == 205 && !headers.contains(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO, false)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
    }

    /** Refused with a body of our own, a HEAD still gets none. */
    private static void withoutBody(ChannelHandlerContext ctx, HttpContent content, ChannelPromise promise) {
        Object bare = content instanceof DefaultHttpResponse head ? bareHead(head) : null;
        boolean isLast = MessageKinds.isLast(content);
        content.release();
        if (bare != null) {
            ctx.write(bare, promise);
        } else if (isLast) {
            ctx.write(LastHttpContent.EMPTY_LAST_CONTENT, promise);
        } else {
            promise.setSuccess();
        }
    }

    private static Object bareHead(HttpResponse head) {
        return new DefaultFullHttpResponse(
                head.protocolVersion(),
                head.status(),
                Unpooled.EMPTY_BUFFER,
                head.headers(),
                EmptyHttpHeaders.INSTANCE);
    }
}
