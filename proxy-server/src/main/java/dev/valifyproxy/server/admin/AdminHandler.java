package dev.valifyproxy.server.admin;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers each request from the endpoint at its path, at once and on the admin loop. Last in the pipeline; holds nothing of a connection. */
@Sharable
final class AdminHandler extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final Map<String, Endpoint> endpoints;

    AdminHandler(Map<String, Endpoint> endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (!(message instanceof HttpRequest request)) {
            return; // the end of a request, or the body of one that was refused
        }
        if (!ctx.channel().isWritable()) {
            ctx.close(); // asks for more while it does not take what it asked for: its answers would pile up here
            return;
        }
        FullHttpResponse refusal = refusal(request);
        boolean keepAlive = refusal == null && HttpUtil.isKeepAlive(request);
        FullHttpResponse answer = refusal != null ? refusal : answer(request);
        complete(answer, keepAlive);
        ctx.writeAndFlush(answer)
                .addListener(keepAlive ? ChannelFutureListener.CLOSE_ON_FAILURE : ChannelFutureListener.CLOSE);
    }

    /** The answer to a request that is not served, and after which the connection's framing is not relied on; null for any other. */
    private static @Nullable FullHttpResponse refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return plain(HttpResponseStatus.BAD_REQUEST, "This is not an HTTP request.");
        }
        // RFC 9112 §3.2: an HTTP/1.1 request has exactly one Host.
        if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && request.headers().getAll(HttpHeaderNames.HOST).size() != 1) {
            return plain(HttpResponseStatus.BAD_REQUEST, "The request must have exactly one Host.");
        }
        if (HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0) {
            return plain(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "Nothing here takes a body.");
        }
        return null;
    }

    private FullHttpResponse answer(HttpRequest request) {
        Endpoint endpoint = endpoints.get(path(request.uri()));
        if (endpoint == null) {
            return plain(HttpResponseStatus.NOT_FOUND, "There is nothing at this path.");
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            FullHttpResponse answer = plain(HttpResponseStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD are served.");
            answer.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return answer;
        }
        try {
            return endpoint.get(request.headers());
        } catch (IOException | RuntimeException e) {
            LOG.error("{} failed", endpoint.getClass().getSimpleName(), e);
            return plain(HttpResponseStatus.INTERNAL_SERVER_ERROR, "This failed; the log says why.");
        }
    }

    /** Without query and, in the absolute form of RFC 9112 §3.2.2, authority; empty if it is no URI. */
    private static String path(String target) {
        try {
            String path = new URI(target).getRawPath();
            return path == null ? "" : path;
        } catch (URISyntaxException e) {
            return "";
        }
    }

    private static FullHttpResponse plain(HttpResponseStatus status, String sentence) {
        return Endpoint.answer(status, PLAIN, sentence + "\n");
    }

    /** What every answer carries. */
    private static void complete(FullHttpResponse answer, boolean keepAlive) {
        HttpHeaders headers = answer.headers();
        headers.set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(Instant.now())));
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        headers.set("x-content-type-options", "nosniff");
        headers.set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A client that left or fell silent is no news.
        if (!(cause instanceof IOException) && !(cause instanceof ReadTimeoutException)) {
            LOG.warn("closing a connection to the admin port", cause);
        }
        ctx.close();
    }
}
