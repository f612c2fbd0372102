package dev.valifyproxy.worker;

import dev.valifyproxy.http.HttpDate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What one event loop owns. Except where said, it is used on that loop alone. */
public final class Worker {

    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int index;
    private final EventLoop loop;
    private final LongSupplier nanoTime;
    private final Deadlines deadlines;
    private final HttpDate date;
    private final LoopBuffers buffers;

    /** When the oldest unanswered ping was sent; 0 when none is open. Written by whoever asks, and by the loop. */
    private volatile long pingedAt;

    Worker(int index, EventLoop loop, LongSupplier nanoTime) {
        this.index = index;
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.deadlines = new Deadlines(loop, nanoTime);
        this.date = new HttpDate(System::currentTimeMillis);
        this.buffers = new LoopBuffers(loop, ByteBufAllocator.DEFAULT);
    }

    /** Its place among the workers, from 0. */
    public int index() {
        return index;
    }

    /** The event loop. */
    public EventLoop loop() {
        return loop;
    }

    /** Deadlines of what lives on this loop. */
    public Deadlines deadlines() {
        return deadlines;
    }

    /** The value of a {@code Date} field now. */
    public HttpDate date() {
        return date;
    }

    /** Where the channels of this loop get their buffers; any thread. */
    public ByteBufAllocator buffers() {
        return buffers;
    }

    /** Gives back what it keeps; once its loop has ended. */
    void ended() {
        buffers.release();
    }

    /**
     * Whether the loop has answered lately; asks it again. Any thread. It takes two questions at least ten seconds apart to find a
     * loop stuck.
     */
    public synchronized boolean isTurning() {
        long asked = pingedAt;
        if (asked == 0) {
            long now = nanoTime.getAsLong();
            pingedAt = now == 0 ? 1 : now;
            loop.execute(() -> pingedAt = 0);
            return true;
        }
        return nanoTime.getAsLong() - asked < STUCK_NANOS;
    }
}
