package dev.valifyproxy.token;

import dev.valifyproxy.token.ReadyUses.Freshness;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the uses of one scope and the calls that want them meet: what comes goes to the line first, and what the line leaves is ready
 * for calls to come.
 */
final class Dispenser {

    /** So many uses more than there is a need for are kept in a scope that other scopes' tokens fill. */
    private static final int SURPLUS = 64;

    private final LongSupplier nanoTime;
    private final Function<AccessToken, TokenLease> newLease;
    private final ReadyUses ready;
    private final Line line;
    private final LongAdder taken = new LongAdder();
    private final Demand demand;

    private volatile int lowWater;
    private long wanted;

    Dispenser(
            PoolSettings settings,
            Surroundings around,
            Rejections rejections,
            Function<AccessToken, TokenLease> newLease) {
        this.nanoTime = around.nanoTime();
        this.newLease = newLease;
        this.ready = new ReadyUses(rejections, around.listener());
        this.line = new Line(settings, around);
        this.demand = new Demand(now());
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
        TokenLease lease = ready.poll(now());
        if (lease != null) {
            taken.increment();
        }
        return lease;
    }

    /** Whether there are so few uses that the minter should look; any thread. */
    boolean isLow() {
        return ready.size() < lowWater;
    }

    /**
     * The marks of this scope. Mint thread, as everything below.
     *
     * @param low below how many ready uses {@link #isLow()}
     * @param most how many there should be
     */
    void mark(int low, long most) {
        lowWater = low;
        wanted = most;
    }

    /** Sees what calls want. */
    void observe(long now, long mintNanos) {
        demand.observe(taken() + line.size(), now, mintNanos);
    }

    /** What is here and what is wanted. */
    MintPolicy.Stock stock(Freshness freshness, InFlight mints, int usesPerToken, long mintNanos, long lifeNanos) {
        return new MintPolicy.Stock(
                ready.size(),
                freshness.due(),
                mints.size(),
                line.size(),
                line.newer(),
                line.newer() == 0 ? 0 : mints.sentSince(line.newerThanNanos()),
                usesPerToken,
                mintNanos,
                lifeNanos,
                new MintPolicy.Forecast(
                        demand.perNano(),
                        demand.averagePerNano(),
                        demand.lastingPerNano(),
                        demand.meanPerNano(),
                        demand.peak()));
    }

    /** Hands out so many uses of a new token. */
    void stock(AccessToken token, int uses) {
        for (int use = 0; use < uses; use++) {
            TokenLease lease = newLease.apply(token);
            if (!offerToLine(lease, now())) {
                ready.add(lease, now());
            }
        }
    }

    /** Drops uses that came with the tokens of other scopes and for which nobody asks here. */
    void shedSurplus() {
        ready.shed((int) Math.min(wanted + SURPLUS, Integer.MAX_VALUE));
    }

    /** Hands out a use that came back. */
    void putBack(AccessToken token) {
        taken.decrement();
        replace(newLease.apply(token));
    }

    /** Serves a call from what is ready; false if nothing of it will do. */
    boolean serve(Waiter waiter) {
        TokenLease lease = waiter.wantsNewer()
                ? ready.pollYoungest(now(), token -> waiter.accepts(token, line.settlesForOld()))
                : ready.poll(now());
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
        ready.purge(now());
    }

    private void replace(TokenLease lease) {
        if (!offerToLine(lease, now())) {
            ready.putBack(lease, now());
        }
    }

    private boolean offerToLine(TokenLease lease, long now) {
        boolean given = ready.isGood(lease, now) && line.offer(lease);
        if (given) {
            taken.increment();
        }
        return given;
    }

    private long now() {
        return nanoTime.getAsLong();
    }
}
