package dev.valifyproxy.sandbox;

import java.time.Duration;
import java.util.function.LongPredicate;

/** A number that another thread can wait for, so that no test has to sleep. Thread-safe. */
final class Tally {
    private final String what;
    private long value;

    Tally(String what) {
        this.what = what;
    }

    synchronized void add(long change) {
        value += change;
        notifyAll();
    }

    synchronized long get() {
        return value;
    }

    void awaitAtLeast(long number, Duration timeout) {
        await(now -> now >= number, "at least " + number, timeout);
    }

    void awaitExactly(long number, Duration timeout) {
        await(now -> now == number, "exactly " + number, timeout);
    }

    /** Blocks until the number is as wanted; fails with what it was instead once the time is over. */
    private synchronized void await(LongPredicate wanted, String wantedText, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!wanted.test(value)) {
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                throw new IllegalStateException(
                        "waited " + timeout + " for " + wantedText + " " + what + ", but there are " + value);
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + wantedText + " " + what, e);
            }
        }
    }
}
