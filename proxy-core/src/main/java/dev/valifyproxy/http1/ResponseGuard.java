package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.InvalidMessage;
import dev.valifyproxy.http.ProxyError;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Marks an answer's head that breaks a rule; what is behind answers in its place. Interim answers leave without the empty last content
 * that the codec gives them, so that behind this handler a last content ends the exchange. One per upstream channel, on its event loop.
 */
final class ResponseGuard extends ChannelInboundHandlerAdapter {

    private static final Failure TOO_MANY_FIELDS = Failure.of(
            ProxyError.UPSTREAM_MALFORMED, "The upstream's answer has more header fields than this proxy allows.");

    private final int maxHeaders;
    private boolean interim;

    ResponseGuard(int maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof HttpResponse head) {
            interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                    && head.decoderResult().isSuccess();
            check(head);
        } else if (interim && msg instanceof LastHttpContent last) {
            interim = false;
            last.release();
            return;
        } else if (msg instanceof LastHttpContent last && last.trailingHeaders().size() > maxHeaders) {
            last.setDecoderResult(InvalidMessage.result(TOO_MANY_FIELDS));
        }
        ctx.fireChannelRead(msg);
    }

    private void check(HttpResponse head) {
        if (head.decoderResult().isFailure()) {
            return;
        }
        Failure failure = head.headers().size() > maxHeaders ? TOO_MANY_FIELDS : ResponseRules.firstBroken(head);
        if (failure != null) {
            head.setDecoderResult(InvalidMessage.result(failure));
        }
    }
}
