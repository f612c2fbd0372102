package dev.valifyproxy.token;

import java.time.Duration;

/** At most so many mints are sent within any minute. Mint thread only. */
final class MintQuota {

    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    /** When the latest mints were sent, as a ring; empty when there is no limit. */
    private final long[] sentAt;

    private int sent;
    private int next;

    MintQuota(int perMinute) {
        this.sentAt = new long[perMinute == PoolSettings.MintBounds.UNLIMITED ? 0 : perMinute];
    }

    /** How many mints may be sent now. */
    int left(long now) {
        if (sentAt.length == 0) {
            return Integer.MAX_VALUE;
        }
        while (sent > 0 && now - oldest() >= WINDOW_NANOS) {
            sent--;
        }
        return sentAt.length - sent;
    }

    /** A mint was sent. */
    void spend(long now) {
        if (sentAt.length > 0) {
            sentAt[next] = now;
            next = (next + 1) % sentAt.length;
            sent++;
        }
    }

    /** When the next may be sent, if none is left. */
    long nextNanos() {
        return oldest() + WINDOW_NANOS;
    }

    private long oldest() {
        return sentAt[Math.floorMod(next - sent, sentAt.length)];
    }
}
