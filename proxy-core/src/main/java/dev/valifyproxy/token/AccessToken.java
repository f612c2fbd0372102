package dev.valifyproxy.token;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A token and its time. All times are of the pool's ticker, in nanoseconds, and are compared by subtraction, since a ticker may
 * wrap around. Immutable but for its retirement; any thread.
 */
final class AccessToken {

    /** A lifetime above this counts as this, so that sums of times stay within half of a long. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    /** Which part of its life a token may be replaced early, so that replicas started together do not mint together. */
    private static final double SPREAD = 0.05;

    private final String authorization;
    private final long mintedAtNanos;
    private final long usableUntilNanos;
    private final long spreadNanos;
    private final UseLearning.@Nullable Counts counts;
    private volatile boolean retired;

    /**
     * A token as it was issued.
     *
     * @param minted the issuer's answer
     * @param sentAtNanos when it was asked for: from then on its lifetime counts
     * @param expiryMargin how long before its expiry it is no longer used; at most a tenth of its lifetime counts
     * @param luck 0 to 1, how much of the spread it gets
     * @param counts of its uses, or null if nobody counts them
     */
    AccessToken(
            MintOutcome.Minted minted,
            long sentAtNanos,
            Duration expiryMargin,
            double luck,
            UseLearning.@Nullable Counts counts) {
        long lifetime = Math.min(TimeUnit.NANOSECONDS.convert(minted.lifetime()), LONGEST_NANOS);
        long usable = lifetime - Math.min(TimeUnit.NANOSECONDS.convert(expiryMargin), lifetime / 10);
        this.authorization = "Bearer " + minted.value().reveal();
        this.mintedAtNanos = sentAtNanos;
        this.usableUntilNanos = sentAtNanos + usable;
        this.spreadNanos = (long) (usable * SPREAD * luck);
        this.counts = counts;
    }

    String authorization() {
        return authorization;
    }

    /** When the mint was sent. */
    long mintedAtNanos() {
        return mintedAtNanos;
    }

    /** When its last moment has passed, the margin taken off. */
    long usableUntilNanos() {
        return usableUntilNanos;
    }

    boolean hasExpired(long now) {
        return now - usableUntilNanos >= 0;
    }

    /**
     * When its successor is to be minted: so long before its end, but never in the first half of its life. Without that a mint that
     * takes longer than its token lives would call for the next at once.
     */
    long renewAtNanos(long leadNanos) {
        long half = (usableUntilNanos - mintedAtNanos) / 2;
        return usableUntilNanos - Math.min(leadNanos + spreadNanos, half);
    }

    UseLearning.@Nullable Counts counts() {
        return counts;
    }

    /** The upstream refused it: none of its uses is handed out from now on. */
    void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    @Override
    public String toString() {
        return "AccessToken[***]";
    }
}
