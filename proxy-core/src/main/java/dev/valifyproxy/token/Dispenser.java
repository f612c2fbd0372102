package dev.valifyproxy.token;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Where uses and calls meet: what comes goes to the line first, and what the line leaves is ready for calls to come. */
final class Dispenser {

    private final int maxUses;
    private final LongSupplier nanoTime;
    private final Function<AccessToken, TokenLease> newLease;
    private final ReadyUses ready;
    private final Line line;
    private final LongAdder taken = new LongAdder();

    Dispenser(
            PoolSettings settings,
            Surroundings around,
            Rejections rejections,
            Function<AccessToken, TokenLease> newLease) {
        this.maxUses = settings.maxUses();
        this.nanoTime = around.nanoTime();
        this.newLease = newLease;
        this.ready = new ReadyUses(rejections, around.listener());
        this.line = new Line(settings, around);
    }

    ReadyUses ready() {
        return ready;
    }

    Line line() {
        return line;
    }

    /** Uses in calls' hands or used up; any thread. */
    long taken() {
        return taken.sum();
    }

    /** Takes a use that is ready, or null; any thread. */
    @Nullable
    TokenLease take() {
        TokenLease lease = ready.poll(nanoTime.getAsLong());
        if (lease != null) {
            taken.increment();
        }
        return lease;
    }

    /** Hands out all uses of a new token. Mint thread, as everything below. */
    void stock(AccessToken token) {
        for (int use = 0; use < maxUses; use++) {
            TokenLease lease = newLease.apply(token);
            long now = nanoTime.getAsLong();
            if (!offerToLine(lease, now)) {
                ready.add(lease, now);
            }
        }
    }

    /** Hands out a use that came back. */
    void putBack(AccessToken token) {
        taken.decrement();
        replace(newLease.apply(token));
    }

    /** Serves a call from what is ready; false if nothing of it will do. */
    boolean serve(Waiter waiter) {
        long now = nanoTime.getAsLong();
        TokenLease lease = waiter.wantsNewer()
                ? ready.pollYoungest(now, token -> waiter.accepts(token, line.settlesForOld()))
                : ready.poll(now);
        if (lease == null) {
            return false;
        }
        if (line.give(waiter, lease)) {
            taken.increment();
        } else {
            replace(lease);
        }
        return true;
    }

    /** While mints fail, who waits for a newer token gets the youngest there is. */
    void settleForOld(boolean settle) {
        line.settlesForOld(settle);
        if (settle) {
            for (Waiter waiter : line.waiting()) {
                if (waiter.wantsNewer() && serve(waiter)) {
                    line.leave(waiter);
                }
            }
        }
    }

    /** Drops uses that are no longer good. */
    void purge() {
        ready.purge(nanoTime.getAsLong());
    }

    private void replace(TokenLease lease) {
        long now = nanoTime.getAsLong();
        if (!offerToLine(lease, now)) {
            ready.putBack(lease, now);
        }
    }

    private boolean offerToLine(TokenLease lease, long now) {
        boolean given = ready.isGood(lease, now) && line.offer(lease);
        if (given) {
            taken.increment();
        }
        return given;
    }
}
