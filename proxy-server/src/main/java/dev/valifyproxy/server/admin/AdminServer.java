package dev.valifyproxy.server.admin;

import dev.valifyproxy.listener.BindFailure;
import dev.valifyproxy.worker.Transport;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The admin port: {@code /metrics}, {@code /health/live}, {@code /health/ready}. It has an event loop of its own, so that neither a scrape
 * delays a call nor a stuck loop silences the probes. That thread is a daemon: it never keeps the process alive.
 */
public final class AdminServer implements AutoCloseable {

    private static final long CLOSE_TIMEOUT_SECONDS = 2;

    private final EventLoopGroup loop;
    private final Channel listening;

    private AdminServer(EventLoopGroup loop, Channel listening) {
        this.loop = loop;
        this.listening = listening;
    }

    /**
     * Listens; returns once it does.
     *
     * @param live called for each probe on the admin loop, must not block: do the event loops turn?
     * @param ready called likewise: should calls be sent here?
     * @throws BindFailure if the port is taken, forbidden or on no interface of this machine
     */
    public static AdminServer start(
            AdminSettings settings, PrometheusMeterRegistry registry, Supplier<Health> live, Supplier<Health> ready) {
        Map<String, Endpoint> endpoints = Map.of(
                "/metrics", new MetricsEndpoint(registry),
                "/health/live", HealthEndpoint.live(live),
                "/health/ready", HealthEndpoint.ready(ready));
        Transport transport = Transport.best();
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true), transport.ioHandler());
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(transport.serverSocket())
                .childHandler(new AdminPipeline(endpoints))
                .bind(new InetSocketAddress(settings.bind(), settings.port()))
                .awaitUninterruptibly();
        AdminServer server = new AdminServer(loop, bound.channel());
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

    /** Stops listening, drops the connections and waits for the loop to end, at most 2 s. A second call does nothing more. */
    @Override
    public void close() {
        loop.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
