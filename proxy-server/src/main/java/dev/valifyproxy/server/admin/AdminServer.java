package dev.valifyproxy.server.admin;

import dev.valifyproxy.listener.BindFailure;
import dev.valifyproxy.worker.Transport;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The admin port: {@code /metrics}, {@code /health/live}, {@code /health/ready}, {@code /status.json}. It has an event loop of its own, so
 * that neither a scrape delays a call nor a stuck loop silences the probes. That thread is a daemon: it never keeps the process alive.
 */
public final class AdminServer implements AutoCloseable {

    private static final long CLOSE_TIMEOUT_SECONDS = 2;

    private final EventLoopGroup loop;
    private final Channel listening;
    private final ChannelGroup open;

    private AdminServer(EventLoopGroup loop, Channel listening, ChannelGroup open) {
        this.loop = loop;
        this.listening = listening;
        this.open = open;
    }

    /**
     * Listens; returns once it does.
     *
     * @param live called for each probe on the admin loop, must not block: do the event loops turn?
     * @param ready called likewise: should calls be sent here?
     * @param status called likewise, for {@code /status.json}
     * @throws BindFailure if the port is taken, forbidden or on no interface of this machine
     */
    public static AdminServer start(
            AdminSettings settings,
            PrometheusMeterRegistry registry,
            Supplier<Health> live,
            Supplier<Health> ready,
            Supplier<Status> status) {
        Map<String, Endpoint> endpoints = Map.of(
                "/metrics",
                new MetricsEndpoint(registry),
                "/health/live",
                HealthEndpoint.live(live),
                "/health/ready",
                HealthEndpoint.ready(ready),
                "/status.json",
                new StatusEndpoint(status));
        Transport transport = Transport.best();
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true), transport.ioHandler());
        ChannelGroup open = new DefaultChannelGroup("admin", GlobalEventExecutor.INSTANCE, true);
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(transport.serverSocket())
                .childHandler(new AdminPipeline(endpoints, open))
                .bind(new InetSocketAddress(settings.bind(), settings.port()))
                .awaitUninterruptibly();
        AdminServer server = new AdminServer(loop, bound.channel(), open);
        open.add(bound.channel());
        if (!bound.isSuccess()) {
            server.close();
            throw BindFailure.of(settings.bind(), settings.port(), "admin.bind, admin.port", bound.cause());
        }
        return server;
    }

    /** The port it listens on: the system's choice if the settings left it that. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Stops listening, drops the connections and waits for the loop to end, at most 2 s for each. A second call does nothing more. */
    @Override
    public void close() {
        // First and by ourselves: a loop that is told to end within its turn can end without closing its channels.
        open.close().awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
