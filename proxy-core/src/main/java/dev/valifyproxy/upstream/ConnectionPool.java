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
import java.util.Iterator;
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
        boolean placeGiven;

        Pooled(Channel channel) {
            this.channel = channel;
            this.idleness = worker.deadlines().create(channel::close);
        }

        /** Good for another exchange, and young enough for it. */
        boolean isUsable() {
            return channel.isActive()
                    && !((DuplexChannel) channel).isOutputShutdown()
                    && worker.deadlines().now() - openedAt <= upstream.maxConnectionAgeNanos();
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
        while (pooled != null && !pooled.isUsable()) {
            pooled.channel.close();
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
        if (upstream.reserve() || giveUpOldest()) {
            open(receiver);
        } else {
            askForPlace(upstream.pools().iterator(), receiver);
        }
    }

    /** At the limit an idle connection gives its place: only a fresh one will do for the caller. */
    private boolean giveUpOldest() {
        Pooled oldest = idle.pollFirst();
        idleCount = idle.size();
        if (oldest == null) {
            return false;
        }
        oldest.placeGiven = true;
        oldest.channel.close();
        return true;
    }

    /** One of this worker's own may not be idle, but another's: asks one after the other, each on its own event loop. */
    private void askForPlace(Iterator<ConnectionPool> others, ConnectionReceiver receiver) {
        while (others.hasNext()) {
            ConnectionPool other = others.next();
            if (other.idleCount > 0) {
                other.worker.loop().execute(() -> {
                    boolean given = other.giveUpOldest();
                    worker.loop().execute(() -> {
                        if (given) {
                            open(receiver);
                        } else {
                            askForPlace(others, receiver);
                        }
                    });
                });
                return;
            }
        }
        receiver.failed(TOO_MANY);
    }

    /** On a place that has been taken. */
    private void open(ConnectionReceiver receiver) {
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

    private void fill(ChannelPipeline pipeline) {
        Http1ClientPipeline.build(pipeline, upstream.http1(), this::reusable, this::closing, upstream.tail());
    }

    /** Takes back a connection on which nothing was sent. */
    public void unused(Channel channel) {
        assert worker.loop().inEventLoop();
        reusable(channel);
    }

    private void reusable(Channel channel) {
        Pooled pooled = channel.attr(POOLED).get();
        if (closed || !pooled.isUsable()) {
            channel.close();
            return;
        }
        channel.config().setAutoRead(true);
        pooled.idleness.set(upstream.idleTimeoutNanos());
        idle.addLast(pooled);
        idleCount = idle.size();
    }

    /** It may stay active for a while, but serves nobody any more. */
    private void closing(Channel channel) {
        Pooled pooled = channel.attr(POOLED).get();
        if (pooled != null) {
            takeOut(pooled);
        }
    }

    private void takeOut(Pooled pooled) {
        idle.remove(pooled);
        idleCount = idle.size();
    }

    private void closed(Channel channel) {
        Pooled pooled = channel.attr(POOLED).get();
        takeOut(pooled);
        pooled.idleness.cancel();
        if (!pooled.placeGiven) {
            upstream.free();
        }
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
