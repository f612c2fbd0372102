package dev.valifyproxy.token;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks for tokens, and decides after each answer what comes next. Mint thread only, save what the {@linkplain PoolStats statistics}
 * read.
 *
 * <p>What keeps it going, in any state: while it pauses, the pause's alarm; while mints fail and it does not pause, a probe in
 * flight, which the guard's alarm ends at the latest; else each change of stock or line, each end of a mint and the alarm of the
 * next use to expire.
 */
final class Minter {

    /** How long before its last chance a successor is asked for. */
    private static final long RENEWAL_SLACK_NANOS = Duration.ofSeconds(1).toNanos();

    /** A request for a token; told apart by identity. */
    private static final class Mint {
        final TokenSource source;
        final long sentAtNanos;

        Mint(TokenSource source, long sentAtNanos) {
            this.source = source;
            this.sentAtNanos = sentAtNanos;
        }
    }

    private final PoolSettings settings;
    private final Surroundings around;
    private final Dispenser dispenser;
    private final MintPolicy policy;
    private final Demand demand;
    private final LatencyWindow latency = new LatencyWindow();
    private final Backoff backoff;
    private final Deque<Mint> inFlight = new ArrayDeque<>();
    private final Alarm pause;
    private final Alarm guard;
    private final Alarm renewal;
    private TokenSource source;
    private boolean pauseWasAskedFor;
    private boolean closed;

    private volatile MintState state = MintState.UNPROVEN;
    private volatile MintOutcome.@Nullable Failed lastFailure;
    private volatile boolean proven;
    private volatile int mints;
    private volatile int lowWater;

    Minter(PoolSettings settings, TokenSource source, Surroundings around, Dispenser dispenser) {
        this.settings = settings;
        this.source = source;
        this.around = around;
        this.dispenser = dispenser;
        this.policy = new MintPolicy(settings.maxUses(), settings.floor(), settings.maxConcurrentMints());
        this.demand = new Demand(now());
        this.backoff = new Backoff(around.random());
        this.pause = new Alarm(around, this::replenish);
        this.guard = new Alarm(around, this::timeOut);
        this.renewal = new Alarm(around, this::renew);
    }

    /** Below how many ready uses {@link #replenish()} would start a mint; any thread. */
    int lowWater() {
        return lowWater;
    }

    /** Whether the issuer refuses the credentials and no answer is outstanding that could change that. */
    boolean isRefused() {
        return state == MintState.CREDENTIALS_REFUSED && inFlight.isEmpty();
    }

    /** The pool's numbers; any thread. */
    PoolStats stats() {
        return new PoolStats(
                dispenser.ready().size(),
                mints,
                dispenser.line().size(),
                dispenser.taken(),
                state,
                proven,
                lastFailure);
    }

    /** Starts the mints that are wanted now, if any are, and sets the mark and the alarm for the next look. */
    void replenish() {
        if (closed) {
            return;
        }
        long now = now();
        demand.observe(dispenser.taken() + dispenser.line().size(), now);
        shortenPause(now);
        ReadyUses.Freshness freshness = dispenser.ready().freshness(now, 2 * latency.highNanos() + RENEWAL_SLACK_NANOS);
        for (int mint = mintsToStart(freshness); mint > 0; mint--) {
            send(now);
        }
        lowWater = pause.isSet() || isFailing() ? 0 : policy.lowWater(stock(freshness), state);
        if (freshness.nextChangeNanos() != Long.MAX_VALUE) {
            renewal.ringBy(now + freshness.nextChangeNanos());
        }
    }

    /** From now on tokens come from here, and nothing is held against it that was known of the former source. */
    void switchTo(TokenSource next) {
        source = next;
        inFlight.clear();
        mints = 0;
        pause.cancel();
        backoff.reset();
        lastFailure = null;
        proven = false;
        become(MintState.UNPROVEN, null);
        replenish();
    }

    /** No more mints; what is still under way is dropped when it comes. */
    void close() {
        closed = true;
        inFlight.clear();
        mints = 0;
        lowWater = 0;
        pause.cancel();
        guard.cancel();
        renewal.cancel();
    }

    private int mintsToStart(ReadyUses.Freshness freshness) {
        if (pause.isSet()) {
            return 0;
        }
        if (isFailing()) {
            // The probe goes out even if nothing is wanted: only a success ends this state, and readiness hangs on it.
            return inFlight.isEmpty() ? 1 : 0;
        }
        return policy.mintsToStart(stock(freshness), state);
    }

    private MintPolicy.Stock stock(ReadyUses.Freshness freshness) {
        Line line = dispenser.line();
        return new MintPolicy.Stock(
                dispenser.ready().size(),
                freshness.due(),
                inFlight.size(),
                line.size(),
                line.newer(),
                line.newer() == 0 ? 0 : mintsSentSince(line.newerThanNanos()),
                demand.ratePerNano(),
                demand.steadyPerNano(),
                latency.highNanos());
    }

    private int mintsSentSince(long nanos) {
        int count = 0;
        for (Mint mint : inFlight) {
            if (mint.sentAtNanos - nanos >= 0) {
                count++;
            }
        }
        return count;
    }

    private void send(long now) {
        Mint mint = new Mint(source, now);
        inFlight.add(mint);
        mints = inFlight.size();
        guard.ringBy(now + settings.mintTimeout().toNanos());
        // The end is always a task of its own: a source that answers at once would else end a mint within the loop that
        // starts them.
        try {
            CompletionStage<MintOutcome> stage = source.mint();
            stage.whenComplete((outcome, error) -> around.post(() -> ended(mint, outcome, error)));
        } catch (RuntimeException | LinkageError bug) {
            around.post(() -> ended(mint, null, bug));
        }
    }

    private void ended(Mint mint, @Nullable MintOutcome outcome, @Nullable Throwable error) {
        if (closed) {
            return;
        }
        boolean late = !inFlight.remove(mint);
        mints = inFlight.size();
        if (outcome instanceof MintOutcome.Minted minted) {
            succeeded(mint, minted, late);
        } else if (!late) {
            failed(mint, outcome instanceof MintOutcome.Failed failure ? failure : brokenSource(error));
        }
        settle();
    }

    private void timeOut() {
        Mint oldest = inFlight.peek();
        while (oldest != null
                && now() - oldest.sentAtNanos - settings.mintTimeout().toNanos() >= 0) {
            inFlight.remove();
            mints = inFlight.size();
            failed(
                    oldest,
                    MintOutcome.Failed.of(
                            MintOutcome.Kind.TIMED_OUT,
                            "no token came within " + settings.mintTimeout().toMillis() + " ms"));
            oldest = inFlight.peek();
        }
        if (oldest != null) {
            guard.ringBy(oldest.sentAtNanos + settings.mintTimeout().toNanos());
        }
        settle();
    }

    private void succeeded(Mint mint, MintOutcome.Minted minted, boolean late) {
        AccessToken token = new AccessToken(
                minted,
                mint.sentAtNanos,
                settings.expiryMargin(),
                around.random().nextDouble());
        long took = now() - mint.sentAtNanos;
        if (token.hasExpired(now())) {
            // Without a pause, an issuer of stillborn tokens would be asked over and over.
            if (!late) {
                failed(mint, MintOutcome.Failed.of(MintOutcome.Kind.MALFORMED, "the token had expired when it came"));
            }
            return;
        }
        around.listener().minted(Duration.ofNanos(took), minted.lifetime());
        if (mint.source == source) {
            proved(took);
        }
        dispenser.stock(token);
    }

    /** The issuer gives tokens for these credentials. */
    private void proved(long tookNanos) {
        latency.record(tookNanos);
        backoff.reset();
        if (!pauseWasAskedFor) {
            pause.cancel();
        }
        lastFailure = null;
        proven = true;
        become(MintState.HEALTHY, null);
    }

    private void failed(Mint mint, MintOutcome.Failed failure) {
        lastFailure = failure;
        around.listener().mintFailed(failure, Duration.ofNanos(now() - mint.sentAtNanos));
        // Once refused, only a success shows that the credentials are good again.
        boolean refused =
                state == MintState.CREDENTIALS_REFUSED || failure.kind() == MintOutcome.Kind.CREDENTIALS_REFUSED;
        MintState next = refused ? MintState.CREDENTIALS_REFUSED : MintState.BACKING_OFF;
        // Of many that fail together, the first has set the pause.
        if (!pause.isSet() || next != state || failure.retryAfter() != null) {
            pauseAfter(failure, refused);
        }
        become(next, failure);
    }

    private void pauseAfter(MintOutcome.Failed failure, boolean refused) {
        Duration length = refused
                ? backoff.whileRefused()
                : backoff.afterFailure(failure.retryAfter(), dispenser.line().size() > 0);
        long until = now() + length.toNanos();
        if (!pause.isSet() || until - pause.atNanos() > 0) {
            pause.ringAt(until);
            pauseWasAskedFor = !refused && failure.retryAfter() != null;
        }
    }

    /** A pause that began while nobody waited ends sooner once somebody does, unless the issuer asked for it. */
    private void shortenPause(long now) {
        long soon = now + Backoff.LONGEST_WHILE_CALLS_WAIT.toNanos();
        boolean ours = state == MintState.BACKING_OFF && pause.isSet() && !pauseWasAskedFor;
        if (ours && dispenser.line().size() > 0 && pause.atNanos() - soon > 0) {
            pause.ringAt(soon);
        }
    }

    private void become(MintState next, MintOutcome.@Nullable Failed why) {
        MintState before = state;
        if (before != next) {
            state = next;
            around.listener().stateChanged(before, next, why);
            dispenser.settleForOld(isFailing());
        }
    }

    private void settle() {
        if (isRefused()) {
            dispenser.line().refuseAll(Shortage.CREDENTIALS_REFUSED);
        }
        replenish();
    }

    private void renew() {
        dispenser.purge();
        replenish();
    }

    private boolean isFailing() {
        return state == MintState.BACKING_OFF || state == MintState.CREDENTIALS_REFUSED;
    }

    private long now() {
        return around.nanoTime().getAsLong();
    }

    /** Of the exception only its type: its message could hold anything. */
    private static MintOutcome.Failed brokenSource(@Nullable Throwable error) {
        String how = error == null
                ? "gave no outcome"
                : "failed with " + error.getClass().getSimpleName();
        return MintOutcome.Failed.of(MintOutcome.Kind.MALFORMED, "the token source " + how);
    }
}
