package dev.valifyproxy.upstream;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.upstream.ConnectFailure.By;
import dev.valifyproxy.worker.Deadline;
import dev.valifyproxy.worker.Deadlines;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks an egress proxy for a tunnel to the upstream (RFC 9110 §9.3.6). Until it stands, this and its codec are all that is in the channel's
 * pipeline; then they give their places to what speaks with the upstream, which therefore sees no byte of the proxy's. One per channel, on
 * its event loop.
 *
 * <p>Netty's own handler for this tells a refusal's status only within an exception's text, beside words of the proxy's.
 */
final class TunnelHandler extends ChannelInboundHandlerAdapter {

    /** What comes of it; one of the three, once. */
    interface Receiver {

        /** The channel leads to the upstream. */
        void stands();

        /** The connection ended before the proxy had answered; the channel is closed. */
        void broken(ConnectFailure failure);

        /** The proxy refused, said what is no answer, or took too long; the channel is closed. */
        void failed(ConnectFailure failure);
    }

    /** Whatever an answer's fields say: a tunnel begins, or the connection ends, behind its head. */
    private static final class HeadDecoder extends HttpResponseDecoder {

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage msg) {
            return true;
        }
    }

    private final Channel channel;
    private final HeadDecoder decoder = new HeadDecoder();
    private final HttpRequestEncoder encoder = new HttpRequestEncoder();
    private final HttpRequest request;
    private final Consumer<Channel> upstreamPipeline;
    private final Deadline patience;
    private @Nullable HttpResponseStatus status;

    /** Whom to tell; null before it was asked for, and once it was told. */
    private @Nullable Receiver receiver;

    private boolean bytesBehindAnswer;

    private TunnelHandler(
            Channel channel, Deadlines deadlines, HttpRequest request, Consumer<Channel> upstreamPipeline) {
        this.channel = channel;
        this.request = request;
        this.upstreamPipeline = upstreamPipeline;
        this.patience = deadlines.create(() -> fail(ConnectFailures.EGRESS_SILENT));
    }

    /**
     * Prepares a channel that is to be connected to the proxy.
     *
     * @param authority host and port of the upstream, which the proxy resolves
     * @param upstreamPipeline fills the pipeline once the tunnel stands
     */
    static void addTo(
            Channel channel,
            Deadlines deadlines,
            EgressProxy proxy,
            String authority,
            Consumer<Channel> upstreamPipeline) {
        TunnelHandler tunnel = new TunnelHandler(channel, deadlines, request(proxy, authority), upstreamPipeline);
        channel.pipeline().addLast(tunnel.encoder, tunnel.decoder, tunnel);
    }

    private static HttpRequest request(EgressProxy proxy, String authority) {
        HttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, authority, Unpooled.EMPTY_BUFFER);
        request.headers().set(HttpHeaderNames.HOST, authority);
        if (proxy.login() != null) {
            request.headers()
                    .set(
                            HttpHeaderNames.PROXY_AUTHORIZATION,
                            proxy.login().basic().reveal());
        }
        return request;
    }

    /** Asks, on a connected channel. */
    void open(long patienceNanos, Receiver answerTo) {
        receiver = answerTo;
        patience.set(patienceNanos);
        channel.writeAndFlush(request).addListener((ChannelFutureListener) written -> {
            if (!written.isSuccess()) {
                broken(ConnectFailures.of(By.EGRESS_PROXY, written.cause()));
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        try {
            read(msg);
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private void read(Object msg) {
        if (!(msg instanceof HttpObject part)) {
            bytesBehindAnswer = true;
        } else if (part.decoderResult().isFailure()) {
            fail(ConnectFailures.EGRESS_NOT_HTTP);
        } else if (part instanceof HttpResponse head) {
            status = head.status();
        } else if (part instanceof LastHttpContent && status != null) {
            answered(status);
        }
    }

    private void answered(HttpResponseStatus answer) {
        if (answer.codeClass() == HttpStatusClass.SUCCESS) {
            stand();
        } else if (answer.codeClass() != HttpStatusClass.INFORMATIONAL) {
            fail(ConnectFailures.refused(answer));
        }
    }

    private void stand() {
        if (receiver == null) {
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.remove(decoder); // hands on what it has left
        if (bytesBehindAnswer) {
            // The upstream says nothing unasked, so whoever this is, it is not to be trusted with a call.
            fail(ConnectFailures.EGRESS_NOT_HTTP);
            return;
        }
        pipeline.remove(encoder);
        pipeline.remove(this);
        patience.cancel();
        upstreamPipeline.accept(channel);
        receiver.stands();
    }

    private void fail(ConnectFailure failure) {
        Receiver told = end();
        if (told != null) {
            told.failed(failure);
        }
    }

    private void broken(ConnectFailure failure) {
        Receiver told = end();
        if (told != null) {
            told.broken(failure);
        }
    }

    private @Nullable Receiver end() {
        patience.cancel();
        Receiver told = receiver;
        receiver = null;
        channel.close();
        return told;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        broken(ConnectFailures.EGRESS_CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        broken(ConnectFailures.of(By.EGRESS_PROXY, cause));
    }
}
