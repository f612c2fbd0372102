package dev.valifyproxy.upstream;

import dev.valifyproxy.http.Failure;
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
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One connection in the making: resolves the name, then tries each address, each with its share of the time that is left, so that a dead
 * first address leaves time for the second. Confined to its event loop; tells its receiver exactly once.
 */
final class ConnectAttempt {

    /** What comes of it. */
    interface Receiver {

        /** TCP, and TLS if there is to be any, stand. */
        void opened(Channel channel);

        /** Every address was tried. */
        void failed(Failure failure);
    }

    private final Worker worker;
    private final Bootstrap bootstrap;
    private final Receiver receiver;
    private final Deadline resolution;
    private final long giveUpAt;
    private boolean resolved;

    ConnectAttempt(Worker worker, Bootstrap bootstrap, Duration timeout, Receiver receiver) {
        this.worker = worker;
        this.bootstrap = bootstrap;
        this.receiver = receiver;
        this.giveUpAt = worker.deadlines().now() + timeout.toNanos();
        this.resolution = worker.deadlines().create(this::resolutionTimedOut);
    }

    void start(AddressResolver<InetSocketAddress> names, InetSocketAddress origin) {
        if (!origin.isUnresolved()) {
            connect(List.of(origin), 0);
            return;
        }
        resolution.set(giveUpAt - worker.deadlines().now());
        names.resolveAll(origin).addListener((Future<List<InetSocketAddress>> found) -> {
            if (resolved) {
                return;
            }
            resolved = true;
            resolution.clear();
            if (found.isSuccess()) {
                connect(found.getNow(), 0);
            } else {
                receiver.failed(ConnectFailures.of(found.cause()));
            }
        });
    }

    private void resolutionTimedOut() {
        resolved = true;
        receiver.failed(ConnectFailures.of(new UnknownHostException("name resolution took too long")));
    }

    private void connect(List<InetSocketAddress> addresses, int index) {
        long left = Math.max(giveUpAt - worker.deadlines().now(), TimeUnit.MILLISECONDS.toNanos(1));
        long shareMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(left / (addresses.size() - index)));
        bootstrap
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(shareMillis, Integer.MAX_VALUE))
                .connect(addresses.get(index))
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        secure(connected.channel());
                    } else if (index + 1 < addresses.size()
                            && giveUpAt - worker.deadlines().now() > 0) {
                        connect(addresses, index + 1);
                    } else {
                        receiver.failed(ConnectFailures.of(connected.cause()));
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
                receiver.failed(ConnectFailures.of(shaken.cause()));
            }
        });
    }
}
