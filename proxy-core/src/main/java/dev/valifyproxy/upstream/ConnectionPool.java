package dev.valifyproxy.upstream;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.http1.Http1ClientPipeline;
import dev.valifyproxy.worker.Deadline;
import dev.valifyproxy.worker.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One worker's connections to the origin. The youngest idle one is handed out first, so that those beyond the need grow old and are
 * closed. Confined to the worker's event loop, save {@link #idleCount()}.
 */
public final class ConnectionPool {

    private static final AttributeKey<Pooled> POOLED = AttributeKey.valueOf(ConnectionPool.class, "pooled");

    private static final Failure TOO_MANY =
            Failure.of(ProxyError.OVERLOADED, "All connections to the upstream that this proxy may open are in use.");

    private final Upstream upstream;
    private final Worker worker;
    private final ArrayDeque<Pooled> idle = new ArrayDeque<>();
    private volatile int idleCount;
    private boolean closed;

    ConnectionPool(Upstream upstream, Worker worker) {
        this.upstream = upstream;
        this.worker = worker;
    }

    /** A connection's place here. */
    private final class Pooled {

        final Channel channel;
        final long openedAt = worker.deadlines().now();
        final Deadline idleness;

        Pooled(Channel channel) {
            this.channel = channel;
            this.idleness = worker.deadlines().create(channel::close);
        }
    }

    /** Hands out an idle connection or a new one. */
    public void acquire(ConnectionReceiver receiver) {
        assert worker.loop().inEventLoop();
        Pooled pooled = pollIdle();
        if (pooled == null) {
            acquireFresh(receiver);
        } else {
            receiver.connected(pooled.channel, true);
        }
    }

    private @Nullable Pooled pollIdle() {
        Pooled pooled = idle.pollLast();
        while (pooled != null && !pooled.channel.isActive()) {
            pooled = idle.pollLast();
        }
        idleCount = idle.size();
        if (pooled != null) {
            pooled.idleness.clear();
        }
        return pooled;
    }

    /** Hands out a connection that has served no exchange yet. */
    public void acquireFresh(ConnectionReceiver receiver) {
        assert worker.loop().inEventLoop();
        if (!upstream.reserve() && !makeRoom()) {
            receiver.failed(TOO_MANY);
            return;
        }
        upstream.connector().connect(worker, this::fill, new ConnectAttempt.Receiver() {
            @Override
            public void opened(Channel channel) {
                upstream.opened();
                channel.attr(POOLED).set(new Pooled(channel));
                channel.closeFuture().addListener(closing -> closed(channel));
                receiver.connected(channel, false);
            }

            @Override
            public void failed(ConnectFailure failure) {
                upstream.connectFailed(failure);
                upstream.free();
                receiver.failed(failure.failure());
            }
        });
    }

    /** At the limit, an idle connection of this worker gives its place: only a fresh one will do for the caller. */
    private boolean makeRoom() {
        Pooled oldest = idle.pollFirst();
        if (oldest == null) {
            return false;
        }
        oldest.channel.close();
        return upstream.reserve();
    }

    private void fill(ChannelPipeline pipeline) {
        Http1ClientPipeline.build(pipeline, upstream.http1(), this::reusable, upstream.tail());
    }

    /** Takes back a connection on which nothing was sent. */
    public void unused(Channel channel) {
        assert worker.loop().inEventLoop();
        reusable(channel);
    }

    private void reusable(Channel channel) {
        Pooled pooled = channel.attr(POOLED).get();
        long maxAge = upstream.maxConnectionAgeNanos();
        if (closed || !isUsable(channel) || worker.deadlines().now() - pooled.openedAt > maxAge) {
            channel.close();
            return;
        }
        channel.config().setAutoRead(true);
        pooled.idleness.set(upstream.idleTimeoutNanos());
        idle.addLast(pooled);
        idleCount = idle.size();
    }

    private static boolean isUsable(Channel channel) {
        return channel.isActive() && !((DuplexChannel) channel).isOutputShutdown();
    }

    private void closed(Channel channel) {
        Pooled pooled = channel.attr(POOLED).get();
        pooled.idleness.clear();
        idle.remove(pooled);
        idleCount = idle.size();
        upstream.free();
    }

    /** Idle connections at present; any thread. */
    int idleCount() {
        return idleCount;
    }

    /** Closes the idle connections, and the others as their exchanges end. */
    void close() {
        closed = true;
        for (Pooled pooled : idle.toArray(new Pooled[0])) {
            pooled.channel.close();
        }
    }
}
