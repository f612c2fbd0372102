package dev.valifyproxy.token;

import dev.valifyproxy.token.InFlight.Mint;
import dev.valifyproxy.token.ReadyUses.Freshness;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks for tokens, and decides after each answer what comes next. Mint thread only, save what the {@linkplain PoolStats statistics}
 * read.
 *
 * <p>What keeps it going, in any state: while it pauses, the pause's alarm; while mints fail and it does not pause, a probe in
 * flight, which the guard's alarm ends at the latest; else each change of stock or line, each end of a mint, and the alarm of the
 * next use to expire or of the quota's end.
 */
final class Minter {

    /** How long before its last chance a successor is asked for. */
    private static final long RENEWAL_SLACK_NANOS = Duration.ofSeconds(1).toNanos();

    private final PoolSettings settings;
    private final Surroundings around;
    private final List<Dispenser> scopes;
    private final UseLearning learning;
    private final MintPolicy policy;
    private final MintGate gate;
    private final InFlight inFlight = new InFlight();
    private final LatencyWindow latency = new LatencyWindow();
    private final Pause pause;
    private final Alarm guard;
    private final Alarm renewal;
    private TokenSource source;
    private long lifeNanos;
    private @Nullable MintLimit limit;
    private boolean closed;

    private volatile MintState state = MintState.UNPROVEN;
    private volatile MintOutcome.@Nullable Failed lastFailure;
    private volatile boolean proven;

    Minter(
            PoolSettings settings,
            TokenSource source,
            Surroundings around,
            List<Dispenser> scopes,
            UseLearning learning) {
        this.settings = settings;
        this.source = source;
        this.around = around;
        this.scopes = scopes;
        this.learning = learning;
        this.policy = new MintPolicy(settings.floor());
        this.gate = new MintGate(settings.bounds());
        this.pause = new Pause(around, this::replenish);
        this.guard = new Alarm(around, this::timeOut);
        this.renewal = new Alarm(around, this::renew);
    }

    /** Mints in flight; any thread. */
    int mints() {
        return inFlight.size();
    }

    /** Any thread. */
    MintState state() {
        return state;
    }

    /** Whether any mint of these credentials has succeeded; any thread. */
    boolean isProven() {
        return proven;
    }

    /** The last mint's failure, or null; any thread. */
    MintOutcome.@Nullable Failed lastFailure() {
        return lastFailure;
    }

    /** The limit that makes calls wait now, or null. */
    @Nullable
    MintLimit limit() {
        return limit;
    }

    /** Whether the issuer refuses the credentials and no answer is outstanding that could change that. */
    boolean isRefused() {
        return state == MintState.CREDENTIALS_REFUSED && inFlight.isEmpty();
    }

    /** Starts the mints that are wanted now, if any are, and sets the marks and the alarm for the next look. */
    void replenish() {
        if (closed) {
            return;
        }
        long now = around.now();
        if (state == MintState.BACKING_OFF && waiters() > 0) {
            pause.shorten();
        }
        int wanted = 0;
        int urgent = 0;
        int held = 0;
        long nextChange = Long.MAX_VALUE;
        for (Dispenser scope : scopes) {
            scope.observe(now, latency.meanNanos());
            Freshness freshness = freshness(scope, now);
            nextChange = Math.min(nextChange, freshness.nextChangeNanos());
            MintPolicy.Stock stock = stock(scope, freshness);
            wanted = Math.max(wanted, policy.mintsWanted(stock));
            urgent = Math.max(urgent, policy.mintsForNewer(stock));
            held = Math.max(held, tokens(scope.ready().size()));
        }
        start(wanted, urgent, held, now);
        scopes.forEach(scope -> mark(scope, now));
        if (nextChange != Long.MAX_VALUE) {
            renewal.ringBy(now + nextChange);
        }
    }

    /** From now on tokens come from here, and nothing is held against it that was known of the former source. */
    void switchTo(TokenSource next) {
        source = next;
        inFlight.forgetAll();
        pause.end();
        lastFailure = null;
        proven = false;
        become(MintState.UNPROVEN, null);
        replenish();
    }

    /** No more mints; what is still under way is dropped when it comes. */
    void close() {
        closed = true;
        inFlight.forgetAll();
        scopes.forEach(scope -> scope.mark(0, 0));
        pause.end();
        guard.cancel();
        renewal.cancel();
    }

    private void start(int wanted, int urgent, int held, long now) {
        if (pause.isOn()) {
            limit = null;
            return;
        }
        // A probe goes out even if nothing is wanted: only a success ends that state, and readiness hangs on it.
        int mints = isFailing() ? Math.max(1, wanted) : wanted;
        MintGate.Permit permit = gate.permit(mints, urgent, inFlight.size(), held, state, now);
        for (int mint = 0; mint < permit.mints(); mint++) {
            send(now);
        }
        limit = waiters() > 0 ? permit.limit() : null;
        if (gate.isQuotaSpent(now)) {
            renewal.ringBy(gate.quotaEndsAtNanos());
        }
    }

    private void mark(Dispenser scope, long now) {
        MintPolicy.Stock stock = stock(scope, freshness(scope, now));
        scope.mark(lowWater(stock, now), policy.wanted(stock));
    }

    /** Where nothing would be sent there is no mark: calls need not tell that it was passed. */
    private int lowWater(MintPolicy.Stock stock, long now) {
        if (pause.isOn() || isFailing()) {
            return 0;
        }
        MintGate.Permit one = gate.permit(1, 0, inFlight.size(), tokens(stock.ready()), state, now);
        if (one.mints() > 0) {
            return policy.lowWater(stock);
        }
        // Of the limits this one alone opens by what calls take.
        int opensBelow =
                one.limit() == MintLimit.MAX_TOKENS ? gate.mostHeld(inFlight.size()) * learning.usesPerToken() + 1 : 0;
        return Math.max(0, Math.min(opensBelow, policy.lowWater(stock)));
    }

    private Freshness freshness(Dispenser scope, long now) {
        return scope.ready().freshness(now, latency.highestNanos() + RENEWAL_SLACK_NANOS);
    }

    private MintPolicy.Stock stock(Dispenser scope, Freshness freshness) {
        return scope.stock(freshness, inFlight, learning.usesPerToken(), latency.meanNanos(), lifeNanos);
    }

    private int tokens(int uses) {
        int each = learning.usesPerToken();
        return Math.floorDiv(uses + each - 1, each);
    }

    private int waiters() {
        int sum = 0;
        for (Dispenser scope : scopes) {
            sum += scope.line().size();
        }
        return sum;
    }

    private void send(long now) {
        Mint mint = inFlight.sent(source, now);
        gate.sent(now);
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
        boolean late = !inFlight.ended(mint);
        if (outcome instanceof MintOutcome.Minted minted) {
            succeeded(mint, minted, late);
        } else if (!late) {
            failed(mint, outcome instanceof MintOutcome.Failed failure ? failure : brokenSource(error));
        }
        settle();
    }

    private void timeOut() {
        long timeout = settings.mintTimeout().toNanos();
        Mint oldest = inFlight.oldest();
        while (oldest != null && around.now() - oldest.sentAtNanos() - timeout >= 0) {
            inFlight.ended(oldest);
            failed(
                    oldest,
                    MintOutcome.Failed.of(
                            MintOutcome.Kind.TIMED_OUT,
                            "no token came within " + settings.mintTimeout().toMillis() + " ms"));
            oldest = inFlight.oldest();
        }
        if (oldest != null) {
            guard.ringBy(oldest.sentAtNanos() + timeout);
        }
        settle();
    }

    private void succeeded(Mint mint, MintOutcome.Minted minted, boolean late) {
        boolean former = mint.source() != source;
        if (former && settings.dropOldTokens()) {
            return;
        }
        AccessToken token = token(mint, minted);
        long took = around.now() - mint.sentAtNanos();
        if (token.hasExpired(around.now())) {
            // Without a pause, an issuer of stillborn tokens would be asked over and over.
            if (!late) {
                failed(mint, MintOutcome.Failed.of(MintOutcome.Kind.MALFORMED, "the token had expired when it came"));
            }
            return;
        }
        lifeNanos = token.usableUntilNanos() - token.mintedAtNanos();
        around.listener().minted(Duration.ofNanos(took), minted.lifetime());
        if (!former) {
            proved(took);
        }
        for (Dispenser scope : scopes) {
            scope.stock(token, learning.usesPerToken());
            if (scopes.size() > 1) {
                scope.shedSurplus();
            }
        }
    }

    private AccessToken token(Mint mint, MintOutcome.Minted minted) {
        return new AccessToken(
                minted,
                mint.sentAtNanos(),
                settings.expiryMargin(),
                around.random().nextDouble(),
                learning.isOn() ? learning.newCounts() : null);
    }

    /** The issuer gives tokens for these credentials. */
    private void proved(long tookNanos) {
        latency.record(tookNanos);
        pause.succeeded();
        lastFailure = null;
        proven = true;
        become(MintState.HEALTHY, null);
    }

    private void failed(Mint mint, MintOutcome.Failed failure) {
        lastFailure = failure;
        around.listener().mintFailed(failure, Duration.ofNanos(around.now() - mint.sentAtNanos()));
        // Once refused, only a success shows that the credentials are good again.
        boolean refused =
                state == MintState.CREDENTIALS_REFUSED || failure.kind() == MintOutcome.Kind.CREDENTIALS_REFUSED;
        MintState next = refused ? MintState.CREDENTIALS_REFUSED : MintState.BACKING_OFF;
        // Of many that fail together, the first has set the pause.
        if (!pause.isOn() || next != state || failure.retryAfter() != null) {
            pause.failed(failure, refused, waiters() > 0);
        }
        become(next, failure);
    }

    private void become(MintState next, MintOutcome.@Nullable Failed why) {
        MintState before = state;
        if (before != next) {
            state = next;
            around.listener().stateChanged(before, next, why);
            scopes.forEach(scope -> scope.settleForOld(isFailing()));
        }
    }

    private void settle() {
        if (isRefused()) {
            scopes.forEach(scope -> scope.line().refuseAll(Shortage.CREDENTIALS_REFUSED));
        }
        replenish();
    }

    private void renew() {
        scopes.forEach(Dispenser::purge);
        replenish();
    }

    private boolean isFailing() {
        return state == MintState.BACKING_OFF || state == MintState.CREDENTIALS_REFUSED;
    }

    /** Of the exception only its type: its message could hold anything. */
    private static MintOutcome.Failed brokenSource(@Nullable Throwable error) {
        String how = error == null
                ? "gave no outcome"
                : "failed with " + error.getClass().getSimpleName();
        return MintOutcome.Failed.of(MintOutcome.Kind.MALFORMED, "the token source " + how);
    }
}
