package dev.valifyproxy.worker;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A worker of an embedded channel, whose clock a test holds. */
public final class HeldWorker {

    private final EmbeddedChannel channel;
    private final Worker worker;
    private long nanos = Long.MAX_VALUE - 1_000;

    public HeldWorker(EmbeddedChannel channel) {
        this.channel = channel;
        channel.freezeTime();
        this.worker = new Worker(0, channel.eventLoop(), () -> nanos);
    }

    public Worker worker() {
        return worker;
    }

    /** Moves the clock on, and runs what is due by then. */
    public void advance(Duration by) {
        nanos += by.toNanos();
        channel.advanceTimeBy(by.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }
}
