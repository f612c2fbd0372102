package dev.valifyproxy.token;

import java.time.Duration;

/**
 * How many uses calls want per time. Two views are kept: what each of the last two looks saw (each at least a tenth of a second), of
 * which the smaller counts, and a slow average; the larger of both is the answer. So a rate that lasts is seen within two looks, a
 * trickle is not lost between them, and a single burst, which its waiting calls have minted for already, hardly counts as a
 * rate. Mint thread only.
 */
final class Demand {

    private static final double LOOK_NANOS = Duration.ofMillis(100).toNanos();
    /** How far back the slow average reaches. */
    static final double MEMORY_NANOS = Duration.ofSeconds(10).toNanos();

    private long lastNanos;
    private long lastArrivals;
    private double lastRate;
    private double lastingRate;
    private double slowRate;

    Demand(long nowNanos) {
        this.lastNanos = nowNanos;
    }

    /**
     * Looks at the count of all arrivals. Called as often as one likes, it looks only so often; after a longer time it sees the
     * average of that time.
     */
    void observe(long arrivals, long now) {
        double elapsed = now - lastNanos;
        if (elapsed < LOOK_NANOS) {
            return;
        }
        // A call that leaves the line takes its arrival back.
        double rate = Math.max(0, arrivals - lastArrivals) / elapsed;
        double remembered = Math.exp(-elapsed / MEMORY_NANOS);
        slowRate = slowRate * remembered + rate * (1 - remembered);
        lastingRate = Math.min(rate, lastRate);
        lastRate = rate;
        lastNanos = now;
        lastArrivals = arrivals;
    }

    /** Uses per nanosecond, as they have come for seconds. */
    double steadyPerNano() {
        return slowRate;
    }

    /** Uses per nanosecond. */
    double ratePerNano() {
        return Math.max(slowRate, lastingRate);
    }
}
