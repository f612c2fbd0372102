package dev.valifyproxy.exchange;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Last on an upstream channel: what happens there goes to the try that is on. One per channel, on its event loop. */
public final class UpstreamHandler extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(UpstreamHandler.class);

    private @Nullable Attempt attempt;
    private @Nullable Throwable cause;

    static UpstreamHandler of(Channel channel) {
        return (UpstreamHandler) channel.pipeline().last();
    }

    void attach(@Nullable Attempt next) {
        attempt = next;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (attempt == null) {
            ReferenceCountUtil.release(msg);
        } else {
            attempt.received(msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (attempt != null) {
            attempt.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (attempt != null) {
            attempt.writabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (attempt != null) {
            attempt.event(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (attempt != null) {
            attempt.broken(Failure.of(
                    ProxyError.UPSTREAM_RESET,
                    "The upstream closed the connection before its answer was complete.",
                    cause));
        }
    }

    /** A broken socket, or TLS, which comes wrapped; anything else is a bug. The channel's end tells the rest. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable broken) {
        if (!BrokenSocket.isReportedBy(broken)) {
            log.error("an upstream connection failed in a way that should not be possible", broken);
        }
        cause = broken;
        ctx.close();
    }
}
