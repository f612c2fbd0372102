package dev.valifyproxy.token;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens the upstream no longer knows. A refused token is retired; once two different ones are refused with no call accepted
 * between, the upstream has forgotten all it knew, and every token minted no later than the first of the two is void. Lock-free,
 * any thread.
 */
final class Rejections {

    private final AtomicReference<@Nullable AccessToken> lastRejected = new AtomicReference<>();
    private final AtomicLong voidUpToNanos;

    Rejections(long nowNanos) {
        // Nothing can have been minted then, so nothing is void to begin with.
        this.voidUpToNanos = new AtomicLong(nowNanos - 1);
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
            voidUpToNanos.accumulateAndGet(first.mintedAtNanos(), (a, b) -> b - a > 0 ? b : a);
        }
    }

    /** Whether the upstream refuses the token, as far as we know. */
    boolean isVoid(AccessToken token) {
        return token.isRetired() || token.mintedAtNanos() - voidUpToNanos.get() <= 0;
    }
}
