package dev.valifyproxy.http1;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.http.MessageKinds;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultHttpObject;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Says when an upstream connection may serve another exchange: the last one's request and answer are both complete, both sides keep the
 * connection (RFC 9112 §9.3), and not one byte stands behind the answer. A connection of which that cannot be said is closed, and said to
 * be before it is: TLS takes its time. One per upstream channel, on its event loop.
 */
final class ConnectionReuse extends ChannelDuplexHandler {

    private final ResponseDecoder decoder;
    private final Consumer<Channel> onReusable;
    private final Consumer<Channel> onClosing;
    private boolean requestComplete = true;
    private boolean answerComplete = true;
    private boolean answerKeepsAlive;
    private boolean endedInThisRead;
    private boolean closing;

    ConnectionReuse(ResponseDecoder decoder, Consumer<Channel> onReusable, Consumer<Channel> onClosing) {
        this.decoder = decoder;
        this.onReusable = onReusable;
        this.onClosing = onClosing;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof DefaultHttpRequest head) {
            requestComplete = false;
            answerComplete = false;
            decoder.answersHead(head.method().equals(HttpMethod.HEAD));
        }
        if (MessageKinds.isLast(msg)) {
            requestComplete = true;
        }
        ctx.write(msg, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (answerComplete) {
            // Nobody asked: what comes between two exchanges must never be taken for the next one's answer.
            ReferenceCountUtil.release(msg);
            close(ctx);
            return;
        }
        if (msg instanceof DefaultHttpResponse head && head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            answerKeepsAlive = HttpUtil.isKeepAlive(head) && !decoder.readsToEnd();
        }
        if (msg instanceof DefaultHttpObject part && part.decoderResult().isFailure()) {
            // The decoder takes in nothing more.
            answerKeepsAlive = false;
            endedInThisRead = true;
        }
        if (MessageKinds.isLast(msg)) {
            answerComplete = true;
            endedInThisRead = true;
        }
        ctx.fireChannelRead(msg);
    }

    private void undecoded(ChannelHandlerContext ctx) {
        if (decoder.isHeadBegun()) {
            if (answerComplete) {
                close(ctx);
            } else {
                ctx.fireUserEventTriggered(ConnectionEvent.ANSWER_BYTES);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        decoder.distrustEnd();
        if (cause instanceof IOException
                && ctx.channel() instanceof DuplexChannel duplex
                && duplex.isOutputShutdown()) {
            // A write failed: what the upstream said before is still to be read, and then the connection's end.
            return;
        }
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (!endedInThisRead) {
            undecoded(ctx);
            return;
        }
        endedInThisRead = false;
        if (requestComplete && answerKeepsAlive && !closing && !decoder.isHeadBegun()) {
            onReusable.accept(ctx.channel());
        } else {
            close(ctx);
        }
    }

    /** Behind the closure alert nothing comes, so nobody must be sent there, or wait for what is missing (RFC 9112 §9.8). */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelOutputShutdownEvent) {
            decoder.distrustEnd();
        }
        ctx.fireUserEventTriggered(event);
        if (event instanceof SslCloseCompletionEvent) {
            close(ctx);
        }
    }

    /** Of this side's doing: an answer that has not ended by itself does not end with it. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        decoder.distrustEnd();
        if (!closing) {
            closing = true;
            onClosing.accept(ctx.channel());
        }
        ctx.close(promise);
    }

    private void close(ChannelHandlerContext ctx) {
        close(ctx, ctx.newPromise());
    }
}
