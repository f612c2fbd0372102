package dev.valifyproxy.token;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tokens ready for calls, minted ahead of demand. A token serves {@code maxUses} calls and no more, none of them after its expiry;
 * those that expire first are used first.
 *
 * <p>A call that finds a use takes it on its own thread, without a lock, an allocation or a hop. All else (the line, mints, timers)
 * happens on the mint thread.
 */
public final class TokenPool implements AutoCloseable {

    private final Surroundings around;
    private final boolean learnsUses;
    private final Rejections rejections;
    private final Dispenser dispenser;
    private final Minter minter;
    private final AtomicBoolean replenishing = new AtomicBoolean();
    private boolean closed; // mint thread only

    /**
     * A pool that does nothing until {@link #start()}.
     *
     * @param mintThread has one thread; the pool neither starts nor ends it
     * @param nanoTime the ticker, like {@link System#nanoTime()}; any thread
     * @param random for jitter; used on the mint thread only
     * @param listener hears what happens; any thread
     */
    public TokenPool(
            PoolSettings settings,
            TokenSource source,
            ScheduledExecutorService mintThread,
            LongSupplier nanoTime,
            RandomGenerator random,
            PoolListener listener) {
        this.around = new Surroundings(mintThread, nanoTime, random, listener);
        this.learnsUses = settings.learnUses() != LearnUses.OFF;
        this.rejections = new Rejections(nanoTime.getAsLong());
        this.dispenser = new Dispenser(settings, around, rejections, token -> new TokenLease(token, this));
        this.minter = new Minter(settings, source, around, dispenser);
    }

    /** Begins to mint; any thread. */
    public void start() {
        around.post(minter::replenish);
    }

    /** A use that is ready, or null; any thread, lock-free, allocates nothing. */
    public @Nullable TokenLease tryAcquire() {
        TokenLease lease = dispenser.take();
        if (dispenser.ready().size() < minter.lowWater()
                && !replenishing.get()
                && replenishing.compareAndSet(false, true)) {
            around.post(this::replenish);
        }
        return lease;
    }

    /** A use of this scope that is ready, or null; otherwise as {@link #tryAcquire()}. Scopes share their uses yet. */
    public @Nullable TokenLease tryAcquire(int scope) {
        return tryAcquire();
    }

    /** As {@link #await(LeaseReceiver)}, for a use of this scope. Scopes share their uses yet. */
    public Waiter await(int scope, LeaseReceiver receiver) {
        return await(receiver);
    }

    /**
     * Takes a place in line for at most {@code acquireTimeout} from now; any thread. The receiver is called on the mint thread, also
     * when a use is ready or none will come; on this thread only if the mint thread has ended.
     */
    public Waiter await(LeaseReceiver receiver) {
        return join(new Waiter(this, receiver, null, now()));
    }

    /**
     * As {@link #await}, for a use of a token whose mint was sent after this lease was rejected. While mints fail, the youngest use of
     * another token is given instead.
     *
     * @throws IllegalStateException if the lease was not rejected
     */
    public Waiter awaitNewer(TokenLease rejected, LeaseReceiver receiver) {
        // Asked here, so that a lease that was not rejected throws in its owner's face.
        rejected.rejectedAtNanos();
        return join(new Waiter(this, receiver, rejected, now()));
    }

    /** Whether answers should be looked at for the uses that are left. */
    public boolean learnsUses() {
        return learnsUses;
    }

    /** A moment's numbers; any thread. */
    public PoolStats stats() {
        return minter.stats();
    }

    /**
     * Stops minting and refuses the calls in line; any thread, any number of times. Leases in calls' hands may still be resolved. The
     * mint thread and the source stay as they are.
     */
    @Override
    public void close() {
        around.post(() -> {
            closed = true;
            minter.close();
            dispenser.line().refuseAll(Shortage.CLOSED);
            dispenser.ready().clear();
        });
    }

    /** A lease came back unused. */
    void returned(AccessToken token) {
        around.post(() -> {
            if (!closed) {
                dispenser.putBack(token);
                minter.replenish();
            }
        });
    }

    /** The upstream refused a token; returns when. */
    long rejected(AccessToken token) {
        rejections.rejected(token);
        long when = now();
        around.listener().tokenRejected();
        around.post(() -> {
            dispenser.purge();
            minter.replenish();
        });
        return when;
    }

    /** A call with some token went well. */
    void accepted() {
        rejections.accepted();
    }

    /** A call left the line. */
    void cancelled(Waiter waiter) {
        around.post(() -> dispenser.line().leave(waiter));
    }

    private Waiter join(Waiter waiter) {
        if (!around.post(() -> admit(waiter))) {
            dispenser.line().refuse(waiter, Shortage.CLOSED);
        }
        return waiter;
    }

    private void admit(Waiter waiter) {
        if (waiter.hasEnded()) {
            return;
        }
        if (closed) {
            dispenser.line().refuse(waiter, Shortage.CLOSED);
        } else if (dispenser.serve(waiter)) {
            minter.replenish();
        } else if (minter.isRefused()) {
            dispenser.line().refuse(waiter, Shortage.CREDENTIALS_REFUSED);
        } else {
            dispenser.line().join(waiter);
            minter.replenish();
        }
    }

    private void replenish() {
        replenishing.set(false);
        minter.replenish();
    }

    private long now() {
        return around.nanoTime().getAsLong();
    }
}
