package dev.valifyproxy.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands on the listening channel, before what takes new connections up, and closes one too many as it is: it is given no event loop, no
 * options and no pipeline. On the listening channel's event loop, save the counts, which any thread may read.
 */
final class ConnectionLimits extends ChannelInboundHandlerAdapter {

    private final int maxConnections;
    private final @Nullable SourceCounts sources;
    private final RefusalLog log;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refusedByTotal = new LongAdder();
    private final LongAdder refusedBySource = new LongAdder();

    ConnectionLimits(ListenerSettings settings, LongSupplier nanoTime) {
        maxConnections = settings.maxConnections();
        Integer perSource = settings.maxConnectionsPerSource();
        sources = perSource == null ? null : new SourceCounts(perSource);
        log = new RefusalLog(nanoTime);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        Channel client = (Channel) msg;
        ConnectionLimit met = meets(client);
        if (met == null) {
            ctx.fireChannelRead(msg);
        } else {
            client.unsafe().closeForcibly();
            refused(met).increment();
            log.refused(met);
        }
    }

    /** Counts a connection in, until it closes; or tells the limit that forbids it, and counts nothing. */
    private @Nullable ConnectionLimit meets(Channel client) {
        if (open.get() >= maxConnections) {
            return ConnectionLimit.TOTAL;
        }
        // Without an address it has ended already.
        if (sources != null && client.remoteAddress() instanceof InetSocketAddress address) {
            long source = SourceCounts.sourceOf(address.getAddress());
            if (!sources.tryAdd(source)) {
                return ConnectionLimit.SOURCE;
            }
            client.closeFuture().addListener(closed -> sources.remove(source));
        }
        open.incrementAndGet();
        client.closeFuture().addListener(closed -> open.decrementAndGet());
        return null;
    }

    private LongAdder refused(ConnectionLimit limit) {
        return limit == ConnectionLimit.TOTAL ? refusedByTotal : refusedBySource;
    }

    /** Connections open at present. */
    int open() {
        return open.get();
    }

    /** Connections this limit has forbidden so far. */
    long refusedBy(ConnectionLimit limit) {
        return refused(limit).sum();
    }
}
