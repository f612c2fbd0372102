package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.InvalidMessage;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;

/** Marks a head that breaks a rule; what is behind answers it. One per client channel, on its event loop. */
final class RequestGuard extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof HttpRequest head && head.decoderResult().isSuccess()) {
            Failure failure = RequestRules.firstBroken(head);
            if (failure != null) {
                head.setDecoderResult(InvalidMessage.result(failure));
            }
        }
        ctx.fireChannelRead(msg);
    }
}
