package dev.valifyproxy.token;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens are void: those that the upstream no longer knows, and those that we gave up. A refused token is retired; once two different ones are refused with no call accepted
 * between, the upstream has forgotten all it knew, and every token minted no later than the first of the two is void. Lock-free,
 * any thread.
 */
final class Rejections {

    private final AtomicReference<@Nullable AccessToken> lastRejected = new AtomicReference<>();
    private final AtomicLong voidUpToNanos;
    private final AtomicLong droppedUpToNanos;

    Rejections(long nowNanos) {
        // Nothing can have been minted then, so nothing is void to begin with.
        this.voidUpToNanos = new AtomicLong(nowNanos - 1);
        this.droppedUpToNanos = new AtomicLong(nowNanos - 1);
    }

    /** A call with any token went well. A read, as a rule: only the first one after a rejection writes. */
    void accepted() {
        if (lastRejected.get() != null) {
            lastRejected.set(null);
        }
    }

    void rejected(AccessToken token) {
        token.retire();
        AccessToken first = lastRejected.getAndSet(token);
        if (first != null && first != token) {
            raise(voidUpToNanos, first.mintedAtNanos());
        }
    }

    /** Every token minted up to then is given up. */
    void dropAll(long upToNanos) {
        raise(droppedUpToNanos, upToNanos);
        raise(voidUpToNanos, upToNanos);
    }

    /** Whether a token must not be used, as far as we know. */
    boolean isVoid(AccessToken token) {
        return token.isRetired() || token.mintedAtNanos() - voidUpToNanos.get() <= 0;
    }

    /** Why uses of a token die that is not good any more. */
    PoolListener.Waste waste(AccessToken token) {
        if (!isVoid(token)) {
            return PoolListener.Waste.EXPIRED;
        }
        boolean dropped = !token.isRetired() && token.mintedAtNanos() - droppedUpToNanos.get() <= 0;
        return dropped ? PoolListener.Waste.DROPPED : PoolListener.Waste.REJECTED;
    }

    private static void raise(AtomicLong mark, long nanos) {
        mark.accumulateAndGet(nanos, (a, b) -> b - a > 0 ? b : a);
    }
}
