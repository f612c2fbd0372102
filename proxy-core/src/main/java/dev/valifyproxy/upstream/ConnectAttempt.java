package dev.valifyproxy.upstream;

import dev.valifyproxy.upstream.ConnectFailure.By;
import dev.valifyproxy.worker.Deadline;
import dev.valifyproxy.worker.Worker;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * One connection in the making: resolves the name, then tries each address, each with its share of the time that is left, so that a dead
 * first address leaves time for the second. Confined to its event loop; tells its receiver exactly once.
 *
 * <p>An address counts as dead when TCP does not reach it, or when the connection ends without a word: so do a balancer without a server
 * behind it, and a proxy that is going down. Nothing of a call has gone there, so the next address may be tried. Whoever says something has
 * been reached, and other addresses of the same name would say the same: an egress proxy's status, a TLS alert, a certificate are final. An
 * egress proxy that says nothing may be connecting still, and has all the time that is left.
 */
final class ConnectAttempt {

    /** What comes of it. */
    interface Receiver {

        /** TCP, and tunnel and TLS if there are to be any, stand. */
        void opened(Channel channel);

        /** Every address was tried, or whoever was reached refused. */
        void failed(ConnectFailure failure);
    }

    private final Worker worker;
    private final Bootstrap bootstrap;
    private final By hop;
    private final Receiver receiver;
    private final Deadline resolution;
    private final long giveUpAt;
    private boolean resolved;
    private Iterator<InetSocketAddress> addresses = Collections.emptyIterator();
    private int untried;

    /** {@code hop} says whose addresses are tried. */
    ConnectAttempt(Worker worker, Bootstrap bootstrap, By hop, Duration timeout, Receiver receiver) {
        this.worker = worker;
        this.bootstrap = bootstrap;
        this.hop = hop;
        this.receiver = receiver;
        this.giveUpAt = worker.deadlines().now() + timeout.toNanos();
        this.resolution = worker.deadlines().create(this::resolutionTimedOut);
    }

    void start(AddressResolver<InetSocketAddress> names, InetSocketAddress address) {
        if (!address.isUnresolved()) {
            connect(List.of(address));
            return;
        }
        resolution.set(left());
        names.resolveAll(address).addListener((Future<List<InetSocketAddress>> found) -> {
            if (resolved) {
                return;
            }
            resolved = true;
            resolution.cancel();
            if (found.isSuccess()) {
                connect(found.getNow());
            } else {
                receiver.failed(ConnectFailures.of(hop, found.cause()));
            }
        });
    }

    private void resolutionTimedOut() {
        resolved = true;
        receiver.failed(ConnectFailures.of(hop, new UnknownHostException("name resolution took too long")));
    }

    private void connect(List<InetSocketAddress> found) {
        addresses = found.iterator();
        untried = found.size();
        connectNext();
    }

    private void connectNext() {
        long shareMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(left() / untried--));
        bootstrap
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(shareMillis, Integer.MAX_VALUE))
                .connect(addresses.next())
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        tunnel(connected.channel());
                    } else {
                        dead(ConnectFailures.of(hop, connected.cause()));
                    }
                });
    }

    private void dead(ConnectFailure failure) {
        if (untried > 0 && giveUpAt - worker.deadlines().now() > 0) {
            connectNext();
        } else {
            receiver.failed(failure);
        }
    }

    /** One millisecond at the least: a timeout of zero would be none. */
    private long left() {
        return Math.max(giveUpAt - worker.deadlines().now(), TimeUnit.MILLISECONDS.toNanos(1));
    }

    private void tunnel(Channel channel) {
        TunnelHandler tunnel = channel.pipeline().get(TunnelHandler.class);
        if (tunnel == null) {
            secure(channel);
            return;
        }
        tunnel.open(left(), new TunnelHandler.Receiver() {
            @Override
            public void stands() {
                secure(channel);
            }

            @Override
            public void broken(ConnectFailure failure) {
                dead(failure);
            }

            @Override
            public void failed(ConnectFailure failure) {
                receiver.failed(failure);
            }
        });
    }

    private void secure(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            receiver.opened(channel);
            return;
        }
        tls.handshakeFuture().addListener(shaken -> {
            if (shaken.isSuccess()) {
                receiver.opened(channel);
            } else {
                channel.close();
                unsecured(shaken.cause());
            }
        });
    }

    /** TLS says what it has against the other side in exceptions of its own; behind a tunnel, only the proxy's address could be changed. */
    private void unsecured(Throwable cause) {
        ConnectFailure failure = ConnectFailures.of(By.UPSTREAM, cause);
        if (hop == By.UPSTREAM && !(cause instanceof SSLException)) {
            dead(failure);
        } else {
            receiver.failed(failure);
        }
    }
}
