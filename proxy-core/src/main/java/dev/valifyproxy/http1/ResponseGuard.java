package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.InvalidMessage;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;

/** Marks an answer's head that breaks a rule; what is behind answers in its place. One per upstream channel, on its event loop. */
final class ResponseGuard extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof HttpResponse head && head.decoderResult().isSuccess()) {
            Failure failure = ResponseRules.firstBroken(head);
            if (failure != null) {
                head.setDecoderResult(InvalidMessage.result(failure));
            }
        }
        ctx.fireChannelRead(msg);
    }
}
