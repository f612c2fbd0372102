package dev.valifyproxy.token;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One use of a token in one call's hands. It is resolved exactly once, when doubt ends, on any thread; a second resolution is a bug
 * and throws {@link IllegalStateException}.
 */
public final class TokenLease {

    private enum Outcome {
        RETURNED,
        REJECTED,
        ACCEPTED,
        USED
    }

    private static final AtomicReferenceFieldUpdater<TokenLease, Outcome> OUTCOME =
            AtomicReferenceFieldUpdater.newUpdater(TokenLease.class, Outcome.class, "outcome");

    private final AccessToken token;
    private final TokenPool pool;
    private final int scope;
    private volatile @Nullable Outcome outcome;
    private volatile long rejectedAtNanos;
    private LeakDetector.@Nullable Trace trace;
    private int answeredBefore;

    /** A use in one of the pool's scopes. */
    TokenLease(AccessToken token, TokenPool pool, int scope) {
        this.token = token;
        this.pool = pool;
        this.scope = scope;
    }

    /** The value of the {@code Authorization} field (RFC 6750 §2.1): scheme, space, token. */
    public String authorization() {
        return token.authorization();
    }

    /** The head never went to the socket: the use goes back to the pool. */
    public void returned() {
        resolve(Outcome.RETURNED);
        pool.returned(this);
    }

    /** The upstream refused the token: it is retired, and its other uses with it. */
    public void rejected() {
        resolve(Outcome.REJECTED);
        rejectedAtNanos = pool.rejected(token);
    }

    /** The upstream answered, and not by refusing the token. */
    public void accepted() {
        resolve(Outcome.ACCEPTED);
        pool.accepted();
    }

    /** The head went out, and whether the token was good is unknown or does not matter. */
    public void used() {
        resolve(Outcome.USED);
    }

    /** Whoever learns from answers says so when the head goes to the socket; else there is no need. */
    public void headSent() {
        UseLearning.Counts counts = token.counts();
        if (counts != null) {
            answeredBefore = counts.sent(scope);
        }
    }

    /**
     * What the upstream said about the token when it answered; of effect only while the pool learns, and after {@link #headSent()}.
     *
     * @param remaining uses left after this one, 0 or more
     */
    public void trialsRemaining(int remaining) {
        UseLearning.Counts counts = token.counts();
        if (counts != null) {
            pool.learning().told(counts, scope, answeredBefore, remaining);
            counts.answered(scope);
        }
    }

    AccessToken token() {
        return token;
    }

    /** In which of the pool's scopes it counts. */
    int scope() {
        return scope;
    }

    /** It is about to be in a call's hands. */
    void acquired() {
        if (pool.detectsLeaks()) {
            trace = pool.leaks().follow(this);
        }
    }

    /** It is in no call's hands any more. */
    void released() {
        if (trace != null) {
            pool.leaks().resolved(trace);
            trace = null;
        }
    }

    /** When the token was refused. Throws if this lease was not resolved so. */
    long rejectedAtNanos() {
        if (outcome != Outcome.REJECTED) {
            throw new IllegalStateException("only a rejected lease asks for a newer token, this one is " + state());
        }
        return rejectedAtNanos;
    }

    private void resolve(Outcome now) {
        if (!OUTCOME.compareAndSet(this, null, now)) {
            throw new IllegalStateException("lease was already " + outcome + ", cannot become " + now);
        }
        released();
    }

    private String state() {
        Outcome known = outcome;
        return known == null ? "open" : known.toString();
    }

    @Override
    public String toString() {
        return "TokenLease[" + state() + "]";
    }
}
