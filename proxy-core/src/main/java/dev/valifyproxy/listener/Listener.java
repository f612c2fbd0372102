package dev.valifyproxy.listener;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.worker.Worker;
import dev.valifyproxy.worker.Workers;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Accepts clients, until told to stop. Any thread but an event loop's. */
public final class Listener {

    private static final int BACKLOG = 4096;

    /** Large uploads come in few reads; small requests settle at small buffers. */
    private static final AdaptiveRecvByteBufAllocator RECEIVE_BUFFERS =
            new AdaptiveRecvByteBufAllocator(512, 2048, 256 * 1024);

    private final ListenerSettings settings;
    private final Workers workers;
    private final ConnectionLimits limits;
    private final ClientChannelInitializer initializer;
    private final ChannelGroup clients = new DefaultChannelGroup("clients", GlobalEventExecutor.INSTANCE, true);

    /** Set by bind(), once; what needs it is not called before. */
    @SuppressWarnings("NullAway.Init")
    private volatile Channel server;

    /** Not listening yet; {@code lastHandler} makes what stands behind the HTTP handlers of each channel. */
    public Listener(
            ListenerSettings settings,
            Http1Settings http1,
            Workers workers,
            Function<Worker, ChannelHandler> lastHandler) {
        this.settings = settings;
        this.workers = workers;
        this.limits = new ConnectionLimits(settings, System::nanoTime);
        this.initializer =
                new ClientChannelInitializer(clients, settings.clientWriteTimeout(), http1, workers, lastHandler);
    }

    /** Listens from now on. */
    public void bind() {
        ChannelFuture bound = new ServerBootstrap()
                .group(workers.group())
                .channel(workers.transport().serverSocket())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                // A client may end its side and still wait for its answer (RFC 9112 §9.6).
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, RECEIVE_BUFFERS)
                .handler(limits)
                .childHandler(initializer)
                .bind(new InetSocketAddress(settings.bind(), settings.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw BindFailure.of(settings.bind(), settings.port(), "server.bind, server.port", bound.cause());
        }
        server = bound.channel();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Client connections open at present. */
    public int connections() {
        return limits.open();
    }

    /** Client connections that were refused so far because of this limit. */
    public long refused(ConnectionLimit limit) {
        return limits.refusedBy(limit);
    }

    /** Client connections that were reset so far because they took nothing of an answer for {@code timeouts.client-write}. */
    public long writeTimeouts() {
        return initializer.writeTimeouts();
    }

    /** Accepts no more; connections without a request in progress close, the others after their answer. */
    public void stopAccepting() {
        server.close().awaitUninterruptibly();
        initializer.drain();
        // One task for each loop: its connections hear of it all at once, and one that is being set up there either is
        // among them or has seen it.
        for (Worker worker : workers.all()) {
            worker.loop()
                    .execute(() -> clients.stream()
                            .filter(client -> client.eventLoop() == worker.loop())
                            .forEach(client -> client.pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN)));
        }
    }

    /** Waits until no connection is left; false if some still are when the time is up. */
    public boolean awaitNoConnections(Duration patience) throws InterruptedException {
        return clients.newCloseFuture().await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the calls in progress, each with an answer where one is still possible. */
    public void cutOff() {
        clients.forEach(client -> client.pipeline().fireUserEventTriggered(ConnectionEvent.STOP));
    }

    /** Closes whatever is left. */
    public void close() {
        server.close().awaitUninterruptibly();
        clients.close().awaitUninterruptibly();
    }
}
