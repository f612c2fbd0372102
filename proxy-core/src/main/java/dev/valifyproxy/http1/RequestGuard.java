package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.InvalidMessage;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;

/** Marks a head that breaks a rule, and trailers past the limits of a head; what is behind answers it. One per client channel, on its event loop. */
final class RequestGuard extends ChannelInboundHandlerAdapter {

    private final int maxHeaders;

    RequestGuard(int maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof HttpRequest head && head.decoderResult().isSuccess()) {
            Failure failure =
                    head.headers().size() > maxHeaders ? InvalidMessage.headTooLarge() : RequestRules.firstBroken(head);
            if (failure != null) {
                head.setDecoderResult(InvalidMessage.result(failure));
            }
        } else if (msg instanceof LastHttpContent last && last.trailingHeaders().size() > maxHeaders) {
            last.setDecoderResult(InvalidMessage.result(InvalidMessage.headTooLarge()));
        }
        ctx.fireChannelRead(msg);
    }
}
