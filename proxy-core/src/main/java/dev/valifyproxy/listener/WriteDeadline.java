package dev.valifyproxy.listener;

import dev.valifyproxy.worker.Deadline;
import dev.valifyproxy.worker.Deadlines;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resets a client's connection that takes nothing of what is written to it for {@code timeouts.client-write}; a client that takes any of
 * it has the whole time anew. It looks now and then while something waits, and does nothing else. First on a client channel, so that it
 * counts what the transport is given; on its event loop.
 */
final class WriteDeadline extends ChannelDuplexHandler {

    private static final Logger log = LoggerFactory.getLogger(WriteDeadline.class);

    /** How often it looks within the time allowed: so much longer than that may pass, an eighth, before a stall is seen. */
    private static final int LOOKS = 8;

    private final long timeoutNanos;
    private final Deadlines deadlines;
    private final Deadline look;
    private final LongAdder resets;
    /** Set by handlerAdded, before anything else is called. */
    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;

    private long writes;
    private long flushedWrites;

    /** When something was seen to be taken last, and how far the client had come then. */
    private long movedAt;

    private long taken;
    private long takenOfNext;

    /** Counts those it resets with {@code resets}. */
    WriteDeadline(Duration timeout, Deadlines deadlines, LongAdder resets) {
        this.timeoutNanos = timeout.toNanos();
        this.deadlines = deadlines;
        this.resets = resets;
        this.look = deadlines.create(this::look);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        writes++;
        ctx.write(msg, promise);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        flushedWrites = writes;
        ctx.flush();
        if (!look.isSet()) {
            begin(ctx.channel().unsafe().outboundBuffer());
        }
    }

    private void begin(@Nullable ChannelOutboundBuffer buffer) {
        if (buffer != null && !buffer.isEmpty()) {
            movedAt = deadlines.now();
            taken = taken(buffer);
            takenOfNext = buffer.currentProgress();
            lookAgain(movedAt);
        }
    }

    /** What was written and waits no more. */
    private long taken(ChannelOutboundBuffer buffer) {
        return flushedWrites - buffer.size();
    }

    private void lookAgain(long now) {
        look.set(Math.min(timeoutNanos / LOOKS, movedAt + timeoutNanos - now));
    }

    private void look() {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (buffer == null || buffer.isEmpty()) {
            return;
        }
        long now = deadlines.now();
        if (taken != taken(buffer) || takenOfNext != buffer.currentProgress()) {
            begin(buffer);
        } else if (now - movedAt >= timeoutNanos) {
            reset();
        } else {
            lookAgain(now);
        }
    }

    /** An end in order would wait behind what the client does not take. */
    private void reset() {
        resets.increment();
        log.debug("a client took nothing of its answer for {} s: its connection is reset", timeoutNanos / 1e9);
        context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        look.cancel();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        look.cancel();
    }
}
