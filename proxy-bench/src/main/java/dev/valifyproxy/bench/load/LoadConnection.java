package dev.valifyproxy.bench.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** One kept connection of the load generator: a call at a time. */
final class LoadConnection extends SimpleChannelInboundHandler<HttpObject> {

    private static final long NONE = -1;

    private final Target target;
    private final Owner owner;

    private @Nullable ChannelHandlerContext context;
    private long call = NONE;
    private long sentAt;
    private @Nullable HttpResponse head;
    private long length;

    LoadConnection(Target target, Owner owner) {
        this.target = target;
        this.owner = owner;
    }

    /** Who is told; on the connection's event loop. */
    interface Owner {

        /** It may be given a call. */
        void onFree(LoadConnection connection);

        /** A call has come to its end. */
        void onAnswer(long call, long sentAt, Verdict verdict);

        /** It has ended, and serves no more. */
        void onClosed(LoadConnection connection);
    }

    /** Sends a call; only when it is free. */
    void send(long number) {
        if (context == null || call != NONE) {
            throw new IllegalStateException("not free");
        }
        call = number;
        length = 0;
        sentAt = System.nanoTime();
        context.writeAndFlush(target.request(number), context.voidPromise());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        owner.onFree(this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (!message.decoderResult().isSuccess()) {
            ctx.close();
            return;
        }
        if (message instanceof HttpResponse begun) {
            head = begun;
        }
        if (message instanceof HttpContent content) {
            length += content.content().readableBytes();
        }
        if (message instanceof LastHttpContent && head != null && call != NONE) {
            complete(ctx, head);
        }
    }

    private void complete(ChannelHandlerContext ctx, HttpResponse answer) {
        String answered = answer.headers().get(StrictHandler.CALL, "");
        Verdict verdict = target.judge(call, answer.status().code(), answered, length);
        boolean kept = HttpUtil.isKeepAlive(answer);
        end(verdict);
        if (kept) {
            owner.onFree(this);
        } else {
            ctx.close();
        }
    }

    private void end(Verdict verdict) {
        long ended = call;
        call = NONE;
        head = null;
        owner.onAnswer(ended, sentAt, verdict);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (call != NONE) {
            end(Verdict.BROKEN);
        }
        owner.onClosed(this);
    }

    /** A reset; what it means is seen when the channel becomes inactive. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
