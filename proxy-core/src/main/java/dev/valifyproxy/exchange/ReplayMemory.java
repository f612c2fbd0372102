package dev.valifyproxy.exchange;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory all bodies held for a second try may pin together: {@code limits.max-replay-memory}. Any thread. */
public final class ReplayMemory {

    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /** With this many bytes. */
    public ReplayMemory(long limit) {
        this.limit = limit;
    }

    /** Takes some; false, and nothing taken, if there is not enough. */
    boolean tryTake(long bytes) {
        if (taken.addAndGet(bytes) <= limit) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** Bytes taken at present. */
    public long taken() {
        return taken.get();
    }
}
