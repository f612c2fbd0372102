package dev.valifyproxy.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of {@link StrictUpstream}. */
final class StrictHandler extends SimpleChannelInboundHandler<HttpObject> {

    /** The field that names a call, in its request and in its answer. */
    static final AsciiString CALL = AsciiString.cached("X-Call");

    private static final String BEARER = "Bearer ";
    private static final ByteBuf ANSWER = body(StrictUpstream.ANSWER_BYTES);
    private static final ByteBuf BIG = body(StrictUpstream.BIG_BYTES);
    private static final ByteBuf REFUSAL =
            text("{\"message\":\"Forbidden - specified access_token could not be found\"}");

    private final StrictUpstream.Settings settings;
    private final Ledger ledger;

    private @Nullable HttpRequest request;

    StrictHandler(StrictUpstream.Settings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
    }

    private static ByteBuf body(int length) {
        return text("{\"result\":\"" + "x".repeat(length - "{\"result\":\"\"}".length()) + "\"}");
    }

    private static ByteBuf text(String text) {
        return SharedBytes.of(text.getBytes(US_ASCII));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpRequest head) {
            request = head;
        }
        if (message instanceof LastHttpContent && request != null) {
            answer(ctx, request);
            request = null;
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest head) {
        String path = head.uri();
        if (path.equals("/api/o/token/")) {
            String token = ledger.mint();
            respond(
                    ctx,
                    head,
                    HttpResponseStatus.OK,
                    Unpooled.wrappedBuffer(tokenAnswer(token).getBytes(US_ASCII)),
                    settings.mintDelay());
        } else if (path.startsWith("/api/")) {
            boolean good = ledger.use(token(head));
            respond(
                    ctx,
                    head,
                    good ? HttpResponseStatus.OK : HttpResponseStatus.FORBIDDEN,
                    good ? ANSWER : REFUSAL,
                    settings.callDelay());
        } else if (path.startsWith("/plain/")) {
            respond(ctx, head, HttpResponseStatus.OK, ANSWER, Duration.ZERO);
        } else if (path.startsWith("/big/")) {
            respond(ctx, head, HttpResponseStatus.OK, BIG, Duration.ZERO);
        } else if (path.equals("/stats")) {
            respond(
                    ctx,
                    head,
                    HttpResponseStatus.OK,
                    Unpooled.wrappedBuffer(statsAnswer(ledger.counts()).getBytes(US_ASCII)),
                    Duration.ZERO);
        } else {
            respond(ctx, head, HttpResponseStatus.NOT_FOUND, Unpooled.EMPTY_BUFFER, Duration.ZERO);
        }
    }

    private static String token(HttpRequest head) {
        String authorization = head.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        return authorization.startsWith(BEARER) ? authorization.substring(BEARER.length()) : "";
    }

    private String tokenAnswer(String token) {
        return "{\"access_token\":\"" + token + "\",\"expires_in\":"
                + settings.lifetime().toSeconds()
                + ",\"token_type\":\"Bearer\",\"scope\":\"\",\"refresh_token\":\"none\"}";
    }

    private static String statsAnswer(Ledger.Counts counts) {
        return "{\"minted\":" + counts.minted() + ",\"accepted\":" + counts.accepted() + ",\"refused\":"
                + counts.refused() + "}";
    }

    private static void respond(
            ChannelHandlerContext ctx, HttpRequest head, HttpResponseStatus status, ByteBuf body, Duration delay) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body.duplicate());
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        String call = head.headers().get(CALL);
        if (call != null) {
            response.headers().set(CALL, call);
        }
        if (delay.isZero()) {
            ctx.writeAndFlush(response, ctx.voidPromise());
        } else {
            ctx.executor().schedule(() -> ctx.writeAndFlush(response), delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Whoever called sees it end, and counts that as wrong. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
