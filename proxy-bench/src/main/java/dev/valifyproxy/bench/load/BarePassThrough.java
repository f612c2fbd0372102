package dev.valifyproxy.bench.load;

import dev.valifyproxy.worker.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/**
 * The least that Netty's own codecs can carry a call with: decoded, encoded, nothing looked at. What a proxy costs beyond it is the
 * proxy's own. Each client connection has an upstream connection. Any thread; one event loop.
 */
final class BarePassThrough implements AutoCloseable {

    private final EventLoopGroup loops;
    private final Channel listening;

    /** Listens when this returns, and passes on to this base URL, on threads of this name. */
    BarePassThrough(URI upstream, String threads) {
        loops = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(threads, true), Transport.best().ioHandler());
        listening = new ServerBootstrap()
                .group(loops)
                .channel(Transport.best().serverSocket())
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new HttpServerCodec());
                        connect(client, upstream);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** Its base URL. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + ((InetSocketAddress) listening.localAddress()).getPort());
    }

    private static void connect(Channel client, URI upstream) {
        new Bootstrap()
                .group(client.eventLoop())
                .channel(Transport.best().socket())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel server) {
                        server.pipeline().addLast(new HttpClientCodec()).addLast(new Relay(client));
                    }
                })
                .connect(upstream.getHost(), upstream.getPort())
                .addListener((ChannelFuture connected) -> {
                    client.pipeline().addLast(new Relay(connected.channel()));
                    client.config().setAutoRead(true);
                });
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Passes what one side reads to the other. */
    private static final class Relay extends ChannelInboundHandlerAdapter {

        private final Channel other;

        Relay(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            other.write(msg, other.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            other.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            other.close();
        }
    }
}
