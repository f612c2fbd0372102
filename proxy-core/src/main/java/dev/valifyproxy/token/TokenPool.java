package dev.valifyproxy.token;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tokens ready for calls, minted ahead of demand. A token serves {@code maxUses} calls in each scope and no more, none of them after
 * its expiry; those that expire first are used first.
 *
 * <p>A call that finds a use takes it on its own thread, without a lock, an allocation or a hop. All else (the lines, mints, timers)
 * happens on the mint thread.
 */
public final class TokenPool implements AutoCloseable {

    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final PoolSettings settings;
    private final Surroundings around;
    private final Rejections rejections;
    private final UseLearning learning;
    private final LeakDetector leaks;
    private final Dispenser[] scopes;
    private final Minter minter;
    private final LimitWatch limits;
    private final SuspendDetector suspension;
    private final Alarm look;
    private final AtomicBoolean replenishing = new AtomicBoolean();
    private boolean closed; // mint thread only

    /**
     * A pool that does nothing until {@link #start()}.
     *
     * @param mintThread has one thread; the pool neither starts nor ends it
     * @param nanoTime the ticker, like {@link System#nanoTime()}; any thread
     * @param wallClock tells only whether the ticker stood still; mint thread only
     * @param random for jitter; used on the mint thread only
     * @param listener hears what happens; any thread
     */
    public TokenPool(
            PoolSettings settings,
            TokenSource source,
            ScheduledExecutorService mintThread,
            LongSupplier nanoTime,
            InstantSource wallClock,
            RandomGenerator random,
            PoolListener listener) {
        this.settings = settings;
        this.around = new Surroundings(mintThread, nanoTime, random, listener);
        this.rejections = new Rejections(around.now());
        this.learning = new UseLearning(settings, listener);
        this.leaks = new LeakDetector(listener);
        this.scopes = IntStream.range(0, settings.scopes())
                .mapToObj(scope ->
                        new Dispenser(settings, around, rejections, token -> new TokenLease(token, this, scope)))
                .toArray(Dispenser[]::new);
        this.minter = new Minter(settings, source, around, List.of(scopes), learning);
        this.limits = new LimitWatch(listener);
        this.suspension = new SuspendDetector(wallClock, settings.expiryMargin(), around.now());
        this.look = new Alarm(around, this::look);
    }

    /** Begins to mint; any thread. */
    public void start() {
        around.post(() -> {
            minter.replenish();
            look();
        });
    }

    /**
     * A use that is ready, or null; any thread, lock-free, allocates nothing.
     *
     * @param scope in which it will count
     */
    public @Nullable TokenLease tryAcquire(int scope) {
        Dispenser dispenser = scopes[scope];
        TokenLease lease = dispenser.take();
        if (dispenser.isLow() && !replenishing.get() && replenishing.compareAndSet(false, true)) {
            around.post(this::replenish);
        }
        if (lease != null) {
            lease.acquired();
        }
        return lease;
    }

    /**
     * Takes a place in line for at most {@code acquireTimeout} from now; any thread. The receiver is called on the mint thread, also
     * when a use is ready or none will come; on this thread only if the mint thread has ended.
     *
     * @param scope in which the use will count
     */
    public Waiter await(int scope, LeaseReceiver receiver) {
        return join(new Waiter(this, receiver, scope, null, around.now()));
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
        return join(new Waiter(this, receiver, rejected.scope(), rejected, around.now()));
    }

    /**
     * Mints from here from now on; any thread. The new source is unproven, whatever was known of the former one. The tokens there are
     * stay good, and so do those that the former source still brings, unless {@code dropOldTokens}.
     */
    public void switchTo(TokenSource source) {
        around.post(() -> {
            if (closed) {
                return;
            }
            if (settings.dropOldTokens()) {
                dropAll();
            }
            minter.switchTo(source);
        });
    }

    /** A moment's numbers; any thread. */
    public PoolStats stats() {
        int ready = 0;
        int waiters = 0;
        long taken = 0;
        for (Dispenser scope : scopes) {
            ready += scope.ready().size();
            waiters += scope.line().size();
            taken += scope.taken();
        }
        return new PoolStats(
                ready,
                minter.mints(),
                waiters,
                taken,
                minter.state(),
                minter.isProven(),
                minter.lastFailure(),
                limits.current(),
                learning.usesPerToken());
    }

    /** Whether answers should be looked at for the uses that are left. */
    public boolean learnsUses() {
        return learning.isOn();
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
            look.cancel();
            for (Dispenser scope : scopes) {
                scope.line().refuseAll(Shortage.CLOSED);
                scope.ready().clear();
            }
        });
    }

    UseLearning learning() {
        return learning;
    }

    boolean detectsLeaks() {
        return settings.detectLeaks();
    }

    LeakDetector leaks() {
        return leaks;
    }

    /** A lease came back unused. */
    void returned(TokenLease lease) {
        around.post(() -> {
            if (!closed) {
                scopes[lease.scope()].putBack(lease.token());
                minter.replenish();
            }
        });
    }

    /** The upstream refused a token; returns when. */
    long rejected(AccessToken token) {
        long when = around.now();
        rejections.rejected(token, when);
        around.listener().tokenRejected();
        around.post(() -> {
            purge();
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
        around.post(() -> scopes[waiter.scope()].line().leave(waiter));
    }

    private Waiter join(Waiter waiter) {
        if (!around.post(() -> admit(waiter))) {
            scopes[waiter.scope()].line().refuse(waiter, Shortage.CLOSED);
        }
        return waiter;
    }

    private void admit(Waiter waiter) {
        Dispenser scope = scopes[waiter.scope()];
        if (waiter.hasEnded()) {
            return;
        }
        if (closed) {
            scope.line().refuse(waiter, Shortage.CLOSED);
        } else if (scope.serve(waiter)) {
            minter.replenish();
        } else if (minter.isRefused()) {
            scope.line().refuse(waiter, Shortage.CREDENTIALS_REFUSED);
        } else {
            scope.line().join(waiter);
            minter.replenish();
            MintLimit limit = minter.limit();
            if (limit != null) {
                limits.saw(limit, around.now());
            }
        }
    }

    private void replenish() {
        replenishing.set(false);
        minter.replenish();
    }

    /** Once a second: for what no event tells. */
    private void look() {
        if (closed) {
            return;
        }
        long now = around.now();
        Duration missing = suspension.look(now);
        if (!missing.isZero()) {
            around.listener().suspended(missing);
            dropAll();
            minter.replenish();
        }
        limits.look(stats().waiters() == 0 ? null : minter.limit(), now);
        leaks.report();
        look.ringAt(now + LOOK_NANOS);
    }

    /** Gives up every token minted before this moment. */
    private void dropAll() {
        rejections.dropAll(around.now() - 1);
        purge();
    }

    private void purge() {
        for (Dispenser scope : scopes) {
            scope.purge();
        }
    }
}
