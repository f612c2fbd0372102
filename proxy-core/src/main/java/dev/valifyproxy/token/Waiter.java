package dev.valifyproxy.token;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A call's place in line for a use. */
public final class Waiter {

    private final TokenPool pool;
    private final LeaseReceiver receiver;
    private final int scope;
    private final @Nullable TokenLease rejected;
    private final long sinceNanos;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * A place in line.
     *
     * @param scope in which the use will count
     * @param rejected whose successor is wanted, or null if any token will do
     * @param sinceNanos when the call began to wait
     */
    Waiter(TokenPool pool, LeaseReceiver receiver, int scope, @Nullable TokenLease rejected, long sinceNanos) {
        this.pool = pool;
        this.receiver = receiver;
        this.scope = scope;
        this.rejected = rejected;
        this.sinceNanos = sinceNanos;
    }

    /**
     * Leaves the line; any thread, any number of times. The receiver hears nothing after that, save that a lease may be on its way
     * already: it then gets it all the same, and returns it.
     */
    public void cancel() {
        if (ended.compareAndSet(false, true)) {
            pool.cancelled(this);
        }
    }

    int scope() {
        return scope;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /** Whether only a token minted after a rejection will do. */
    boolean wantsNewer() {
        return rejected != null;
    }

    /** How late a mint must have been sent to serve this call; only for one that {@link #wantsNewer()}. */
    long newerThanNanos() {
        return rejected == null ? sinceNanos : rejected.rejectedAtNanos();
    }

    /**
     * Whether a use of this token will do.
     *
     * @param settleForOld while mints fail, any token that is not the rejected one is better than none
     */
    boolean accepts(AccessToken token, boolean settleForOld) {
        if (rejected == null) {
            return true;
        }
        boolean newer = token.mintedAtNanos() - rejected.rejectedAtNanos() >= 0;
        return newer || (settleForOld && token != rejected.token());
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** Ends the wait with a use; false if it had ended already, and the use is still the caller's. Mint thread. */
    boolean give(TokenLease lease) {
        boolean first = ended.compareAndSet(false, true);
        if (first) {
            tell(() -> receiver.acquired(lease));
        }
        return first;
    }

    /** Ends the wait without a use; false if it had ended already. Mint thread. */
    boolean refuse(Shortage shortage) {
        boolean first = ended.compareAndSet(false, true);
        if (first) {
            tell(() -> receiver.unavailable(shortage));
        }
        return first;
    }

    /** One call's bug must not cost the next in line its use. */
    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException bug) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, bug);
        }
    }
}
