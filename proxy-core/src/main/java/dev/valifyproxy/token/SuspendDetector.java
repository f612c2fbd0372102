package dev.valifyproxy.token;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Notices that the machine was suspended: the wall clock went on while the ticker stood still, and tokens are older than the ticker
 * says. A wall clock that was set forward looks the same, so nothing hangs on it but that tokens are minted anew. Mint thread only.
 *
 * <p>What counts is how far the wall clock is ahead of where it was. Once a minute that mark follows a wall clock that was set back all
 * that minute, and one that is ahead by as much as disciplined clocks drift. So a clock that jumps to and fro is heeded once a minute at
 * the most, and short suspensions add up.
 */
final class SuspendDetector {

    /** Clocks are disciplined by less than this at once. */
    private static final long LEAST_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();

    /** Twice what a clock may be slewed in a minute. */
    private static final long DRIFT_NANOS = Duration.ofMillis(60).toNanos();

    private final InstantSource wallClock;
    private final long toleranceNanos;
    private final long beganAtNanos;
    private final long beganAtMillis;
    private long markNanos;
    private long periodBeganAtNanos;
    private long highestNanos;

    /**
     * A detector that has seen nothing yet.
     *
     * @param margin by how much tokens may be older than thought
     */
    SuspendDetector(InstantSource wallClock, Duration margin, long now) {
        this.wallClock = wallClock;
        this.toleranceNanos = Math.max(margin.toNanos(), LEAST_NANOS);
        this.beganAtNanos = now;
        this.beganAtMillis = wallClock.millis();
        this.periodBeganAtNanos = now;
        this.highestNanos = Long.MIN_VALUE;
    }

    /** How long the machine seems to have been suspended of late; zero if it was not. */
    Duration look(long now) {
        long ahead = TimeUnit.MILLISECONDS.toNanos(wallClock.millis() - beganAtMillis) - (now - beganAtNanos);
        highestNanos = Math.max(highestNanos, ahead);
        long missing = ahead - markNanos;
        if (missing > toleranceNanos) {
            markNanos = ahead;
            return Duration.ofNanos(missing);
        }
        if (now - periodBeganAtNanos >= PERIOD_NANOS) {
            markNanos = Math.min(highestNanos, markNanos + DRIFT_NANOS);
            periodBeganAtNanos = now;
            highestNanos = ahead;
        }
        return Duration.ZERO;
    }
}
