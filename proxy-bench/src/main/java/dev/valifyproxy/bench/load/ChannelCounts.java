package dev.valifyproxy.bench.load;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what the pipelines of each event loop ask of their sockets. Netty finds it as a service, if told to by {@code
 * -Dio.netty.bootstrap.extensions=serviceload}, and it stands next to the socket in every channel.
 */
public final class ChannelCounts extends ChannelInitializerExtension {

    private static final Map<Thread, Tally> TALLIES = new ConcurrentHashMap<>();
    private static final Counter COUNTER = new Counter();

    /** Called by Netty. */
    public ChannelCounts() {}

    @Override
    public void postInitializeClientChannel(Channel channel) {
        channel.pipeline().addFirst(COUNTER);
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        channel.pipeline().addFirst(COUNTER);
    }

    /** Counts so far on this event loop's thread. */
    static Counts on(Thread loop) {
        Tally tally = TALLIES.getOrDefault(loop, new Tally());
        return new Counts(tally.reads.sum(), tally.flushes.sum());
    }

    /**
     * What was asked.
     *
     * @param reads times a socket gave bytes
     * @param flushes times it was told to send
     */
    record Counts(long reads, long flushes) {}

    private static final class Tally {
        private final LongAdder reads = new LongAdder();
        private final LongAdder flushes = new LongAdder();
    }

    @Sharable
    private static final class Counter extends ChannelDuplexHandler {

        private static Tally tally() {
            return TALLIES.computeIfAbsent(Thread.currentThread(), loop -> new Tally());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            tally().reads.increment();
            ctx.fireChannelRead(msg);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            tally().flushes.increment();
            ctx.flush();
        }
    }
}
