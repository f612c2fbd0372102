package dev.valifyproxy.token;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Notices that the machine was suspended: the wall clock went on while the ticker stood still, and tokens are older than the ticker
 * says. A wall clock that was set forward looks the same, so nothing hangs on it but that tokens are minted anew, and that at most
 * once a minute; one that was set back is not looked at. Mint thread only.
 */
final class SuspendDetector {

    /** Clocks are disciplined by less than this within one look. */
    private static final long LEAST_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long REST_NANOS = Duration.ofMinutes(1).toNanos();

    private final InstantSource wallClock;
    private final long toleranceNanos;
    private long lastNanos;
    private long lastWallMillis;
    private long lastNoticedNanos;

    /**
     * A detector that has seen nothing yet.
     *
     * @param margin by how much tokens may be older than thought
     */
    SuspendDetector(InstantSource wallClock, Duration margin, long now) {
        this.wallClock = wallClock;
        this.toleranceNanos = Math.max(margin.toNanos(), LEAST_NANOS);
        this.lastNanos = now;
        this.lastWallMillis = wallClock.millis();
        this.lastNoticedNanos = now - REST_NANOS;
    }

    /** How long the machine seems to have been suspended since the last look; zero if it was not. */
    Duration look(long now) {
        long wallMillis = wallClock.millis();
        long ticked = now - lastNanos;
        long missing = TimeUnit.MILLISECONDS.toNanos(wallMillis - lastWallMillis) - ticked;
        lastNanos = now;
        lastWallMillis = wallMillis;
        if (missing <= toleranceNanos || now - lastNoticedNanos < REST_NANOS) {
            return Duration.ZERO;
        }
        lastNoticedNanos = now;
        return Duration.ofNanos(missing);
    }
}
