package dev.valifyproxy.token;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for a use, first come, first served; one that wants a newer token than there is does not hold up those behind
 * it. Mint thread only, save {@link #size()}.
 */
final class Line {

    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private final PoolSettings settings;
    private final LongSupplier nanoTime;
    private final PoolListener listener;
    private final Alarm deadline;
    private volatile int size;
    private int newer;
    private boolean settlesForOld;

    Line(PoolSettings settings, Surroundings around) {
        this.settings = settings;
        this.nanoTime = around.nanoTime();
        this.listener = around.listener();
        this.deadline = new Alarm(around, this::expire);
    }

    /** Calls in line; any thread. */
    int size() {
        return size;
    }

    /** Calls in line that want a token minted after a rejection. */
    int newer() {
        return newer;
    }

    /** The latest rejection that one of them wants a token after; of meaning only while there is one. */
    long newerThanNanos() {
        long latest = 0;
        boolean found = false;
        for (Waiter waiter : waiters) {
            if (waiter.wantsNewer() && (!found || waiter.newerThanNanos() - latest > 0)) {
                latest = waiter.newerThanNanos();
                found = true;
            }
        }
        return latest;
    }

    /** Whether a call that wants a newer token takes an older one meanwhile: while mints fail. */
    boolean settlesForOld() {
        return settlesForOld;
    }

    void settlesForOld(boolean settles) {
        settlesForOld = settles;
    }

    /** Lets a call join; it is told if the line is full. */
    void join(Waiter waiter) {
        if (size >= settings.maxWaiters()) {
            refuse(waiter, Shortage.LINE_FULL);
            return;
        }
        if (!waiter.hasEnded()) {
            waiters.add(waiter);
            counted(waiter, 1);
            deadline.ringBy(deadlineOf(waiter));
        }
    }

    /** A call left by itself. */
    void leave(Waiter waiter) {
        if (waiters.remove(waiter)) {
            counted(waiter, -1);
        }
    }

    /** Gives a use to the first call that it will do for; false if there is none, and the use is still the caller's. */
    boolean offer(TokenLease lease) {
        for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (waiter.accepts(lease.token(), settlesForOld)) {
                each.remove();
                counted(waiter, -1);
                if (give(waiter, lease)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Gives a use to this call, in line or not; false if the call has ended, and the use is still the caller's. */
    boolean give(Waiter waiter, TokenLease lease) {
        lease.acquired();
        boolean given = waiter.give(lease);
        if (!given) {
            lease.released();
        } else {
            listener.waited(Duration.ofNanos(nanoTime.getAsLong() - waiter.sinceNanos()));
        }
        return given;
    }

    /** Refuses a call that is not in line. */
    void refuse(Waiter waiter, Shortage shortage) {
        if (waiter.refuse(shortage)) {
            listener.shortage(shortage);
        }
    }

    /** Refuses all that are in line. */
    void refuseAll(Shortage shortage) {
        for (Waiter waiter : waiting()) {
            leave(waiter);
            refuse(waiter, shortage);
        }
        deadline.cancel();
    }

    /** The calls in line at this moment, in order. */
    List<Waiter> waiting() {
        return List.copyOf(waiters);
    }

    private void expire() {
        Waiter first = first();
        while (first != null && nanoTime.getAsLong() - deadlineOf(first) >= 0) {
            leave(first);
            refuse(first, Shortage.TIMED_OUT);
            first = first();
        }
        if (first != null) {
            deadline.ringBy(deadlineOf(first));
        }
    }

    private @Nullable Waiter first() {
        Iterator<Waiter> each = waiters.iterator();
        return each.hasNext() ? each.next() : null;
    }

    private long deadlineOf(Waiter waiter) {
        return waiter.sinceNanos() + settings.acquireTimeout().toNanos();
    }

    private void counted(Waiter waiter, int change) {
        size = waiters.size();
        if (waiter.wantsNewer()) {
            newer += change;
        }
    }
}
