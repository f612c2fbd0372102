package dev.valifyproxy.token;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens are void: those that the upstream no longer knows, and those that we gave up. A refused token is retired. Once two
 * different ones are refused with no call accepted between, the upstream has forgotten all it knew: every token asked for before the
 * first of these two refusals is void. Lock-free, any thread.
 */
final class Rejections {

    /** A refusal that no accepted call has followed yet. */
    private record Rejected(AccessToken token, long atNanos) {}

    private final AtomicReference<@Nullable Rejected> last = new AtomicReference<>();
    private final AtomicLong voidUpToNanos;
    private final AtomicLong droppedUpToNanos;

    Rejections(long nowNanos) {
        // Nothing can have been minted then, so nothing is void to begin with.
        this.voidUpToNanos = new AtomicLong(nowNanos - 1);
        this.droppedUpToNanos = new AtomicLong(nowNanos - 1);
    }

    /** A call with any token went well. A read, as a rule: only the first one after a rejection writes. */
    void accepted() {
        if (last.get() != null) {
            last.set(null);
        }
    }

    void rejected(AccessToken token, long now) {
        // What is void already says nothing new: calls that were on their way with such tokens come back for a while.
        boolean known = isVoid(token) && !token.isRetired();
        token.retire();
        Rejected first = last.get();
        if (known || (first != null && first.token() == token)) {
            return;
        }
        if (first != null && last.compareAndSet(first, null)) {
            raise(voidUpToNanos, first.atNanos() - 1);
        } else {
            last.compareAndSet(null, new Rejected(token, now));
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
