package dev.valifyproxy.bench.load;

import java.time.Duration;

/**
 * When each call is to be sent, whatever becomes of those before it. Pure.
 *
 * @param calls how many
 * @param perSecond at an even pace; infinity for all at once, so that a connection sends as soon as it is free
 */
record Schedule(long calls, double perSecond) {

    private static final double SECOND_NANOS = 1e9;

    /** As many as come in this time. */
    static Schedule atRate(double perSecond, Duration duration) {
        return new Schedule(Math.max(1, Math.round(perSecond * duration.toNanos() / SECOND_NANOS)), perSecond);
    }

    /** All due at the beginning. */
    static Schedule atOnce(long calls) {
        return new Schedule(calls, Double.POSITIVE_INFINITY);
    }

    /** When a call is due, from the beginning; the first is 0. */
    long dueNanos(long call) {
        return (long) (call * SECOND_NANOS / perSecond);
    }
}
