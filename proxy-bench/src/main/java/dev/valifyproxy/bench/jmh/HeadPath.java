package dev.valifyproxy.bench.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's channel and perhaps an upstream's: a call's bytes go in, and its answer comes out. Confined to one thread. */
final class HeadPath {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);

    private final EmbeddedChannel client = new EmbeddedChannel();
    private final @Nullable EmbeddedChannel upstream;
    private Consumer<HttpRequest> onHead = head -> {};

    /**
     * Builds both.
     *
     * @param clientSide adds the handlers of the client's channel
     * @param upstreamSide those of the upstream's; null for a call that is answered at once
     */
    HeadPath(Consumer<EmbeddedChannel> clientSide, @Nullable Consumer<EmbeddedChannel> upstreamSide) {
        clientSide.accept(client);
        if (upstreamSide == null) {
            upstream = null;
            client.pipeline().addLast(new Answering());
        } else {
            upstream = new EmbeddedChannel();
            upstreamSide.accept(upstream);
            client.pipeline().addLast(new PassingTo(upstream));
            upstream.pipeline().addLast(new PassingTo(client));
        }
    }

    /** What is done to each head on its way. */
    void onHead(Consumer<HttpRequest> change) {
        onHead = change;
    }

    /** One call, from its first byte to its answer's last. */
    void call() {
        client.writeInbound(Head.bytes());
        if (upstream != null) {
            drop(upstream);
            upstream.writeInbound(Unpooled.wrappedBuffer(ANSWER));
        }
        if (drop(client) == 0) {
            throw new IllegalStateException("no answer came, so the benchmark measures something else");
        }
    }

    private static int drop(EmbeddedChannel channel) {
        int count = 0;
        for (Object sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            ReferenceCountUtil.release(sent);
            count++;
        }
        return count;
    }

    private final class PassingTo extends ChannelInboundHandlerAdapter {

        private final EmbeddedChannel other;

        PassingTo(EmbeddedChannel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof HttpRequest head) {
                onHead.accept(head);
            }
            other.write(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            other.flush();
        }
    }

    private static final class Answering extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            boolean last = msg instanceof LastHttpContent;
            ReferenceCountUtil.release(msg);
            if (last) {
                FullHttpResponse answer =
                        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
                answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
                ctx.writeAndFlush(answer);
            }
        }
    }
}
