package dev.valifyproxy.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the calls in progress, and bounds them: {@code limits.max-requests}. Any thread. */
public final class Admission {

    private final int maxRequests;
    private final AtomicInteger inProgress = new AtomicInteger();

    /** For this many at once. */
    public Admission(int maxRequests) {
        this.maxRequests = maxRequests;
    }

    /** Counts a call in; false if there are too many already. */
    boolean tryEnter() {
        if (inProgress.incrementAndGet() <= maxRequests) {
            return true;
        }
        inProgress.decrementAndGet();
        return false;
    }

    void leave() {
        inProgress.decrementAndGet();
    }

    /** Calls in progress. */
    public int inProgress() {
        return inProgress.get();
    }
}
