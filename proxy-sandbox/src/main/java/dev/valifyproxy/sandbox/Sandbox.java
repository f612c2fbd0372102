package dev.valifyproxy.sandbox;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Valify look-alike over HTTP/1.1, with or without TLS. Needs no credentials of anybody's, checks those it is given.
 *
 * <pre>{@code
 * try (Sandbox sandbox = Sandbox.builder().port(0).build().start()) {
 *     sandbox.faults().calls().next(Fault.reset(Fault.Moment.MID_ANSWER));
 *     client.post(sandbox.uri().resolve("/api/v1.5/ocr/"), body);
 *     assertThat(sandbox.tokens().used()).isEqualTo(1);
 * }
 * }</pre>
 */
public final class Sandbox implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 4096;
    private static final int MAX_HEAD_BYTES = 256 * 1024;
    private static final int MAX_RECEIVE_BYTES = 256 * 1024;

    private final EventLoopGroup loops;
    private final AtomicLong numbers = new AtomicLong();
    private final ChannelGroup open = new DefaultChannelGroup("sandbox", GlobalEventExecutor.INSTANCE, true);
    private final Set<SandboxHandler> connections = ConcurrentHashMap.newKeySet();
    private final Backend backend;
    private final InetSocketAddress wantedAddress;
    private final @Nullable SslContext tls;
    private volatile @Nullable Channel server;

    private Sandbox(Builder builder) {
        wantedAddress = new InetSocketAddress(builder.bind, builder.port);
        tls = builder.tls;
        backend = Backend.of(builder.settings, tls == null ? "http" : "https", builder.listener);
        loops = new MultiThreadIoEventLoopGroup(
                THREADS, new DefaultThreadFactory("sandbox", true), NioIoHandler.newFactory());
    }

    /** A sandbox with the default settings, on any free port of the loopback interface. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Listens, and returns once it does. Blocks shortly; not for an event loop. Throws {@link UncheckedIOException} with the
     * address it could not get.
     */
    public Sandbox start() {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(1024, 8192, MAX_RECEIVE_BYTES))
                .childHandler(new Connections())
                .bind(wantedAddress)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            String address = wantedAddress.getHostString() + ":" + wantedAddress.getPort();
            throw new UncheckedIOException(new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause()));
        }
        server = bound.channel();
        open.add(bound.channel());
        return this;
    }

    /** The base URL, without a path. Only after {@link #start()}. */
    public URI uri() {
        Channel listening = server;
        if (listening == null) {
            throw new IllegalStateException("the sandbox has not been started");
        }
        InetSocketAddress address = (InetSocketAddress) listening.localAddress();
        return URI.create(backend.scheme() + "://" + wantedAddress.getHostString() + ":" + address.getPort());
    }

    /** What goes wrong; can be set before the start. */
    public Faults faults() {
        return backend.faults();
    }

    /** What it saw. */
    public CallLog calls() {
        return backend.calls();
    }

    /** What became of its tokens. */
    public TokenLedger tokens() {
        return backend.tokens();
    }

    /** Closes every connection that is between two requests, as a server does when its keep-alive time is over. */
    public void closeIdleConnections() {
        connections.forEach(SandboxHandler::closeIfIdle);
    }

    /** Stops listening and drops all connections, whatever is under way on them; returns when that is done. */
    @Override
    public void close() {
        // First and by ourselves: a loop that is told to end within its turn can end without closing its channels.
        open.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Sets up each connection that is accepted; on its own event loop. */
    private final class Connections extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            open.add(channel);
            if (backend.faults().takeConnectionReset()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                channel.close();
            } else {
                serve(channel);
            }
            backend.calls().connectionOpened();
            channel.closeFuture().addListener(closed -> backend.calls().connectionClosed());
        }

        private void serve(Channel channel) {
            SandboxHandler handler = new SandboxHandler(channel, numbers.incrementAndGet(), backend);
            connections.add(handler);
            channel.closeFuture().addListener(closed -> connections.remove(handler));
            if (tls != null) {
                channel.pipeline().addLast(tls.newHandler(channel.alloc()));
            }
            HttpDecoderConfig limits = new HttpDecoderConfig()
                    .setMaxInitialLineLength(MAX_HEAD_BYTES)
                    .setMaxHeaderSize(MAX_HEAD_BYTES)
                    .setMaxChunkSize(MAX_RECEIVE_BYTES);
            channel.pipeline().addLast(new HttpServerCodec(limits), handler);
        }
    }

    /** What a sandbox is to be like. */
    public static final class Builder {
        private String bind = "127.0.0.1";
        private int port;
        private SandboxSettings settings = SandboxSettings.defaults();
        private @Nullable SslContext tls;
        private @Nullable Consumer<Call> listener;

        private Builder() {}

        /** The port to listen on; 0, the default, takes any that is free. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** The address or name to listen on; 127.0.0.1 by default. */
        public Builder bind(String host) {
            bind = host;
            return this;
        }

        /** Rules, keys and credentials; {@link SandboxSettings#defaults()} by default. */
        public Builder settings(SandboxSettings wanted) {
            settings = wanted;
            return this;
        }

        /** Speaks TLS with this server context; without one, plain HTTP. The context stays the caller's. */
        public Builder tls(SslContext context) {
            tls = context;
            return this;
        }

        /**
         * Hears of each request when it would stand in {@link CallLog}: read or cut short, not answered. Called on event loops, so it must not
         * block.
         */
        public Builder callListener(Consumer<Call> hears) {
            listener = hears;
            return this;
        }

        /** A sandbox that does not listen yet. */
        public Sandbox build() {
            return new Sandbox(this);
        }
    }
}
