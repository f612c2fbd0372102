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
    private volatile @Nullable Outcome outcome;
    private volatile long rejectedAtNanos;

    TokenLease(AccessToken token, TokenPool pool) {
        this.token = token;
        this.pool = pool;
    }

    /** The value of the {@code Authorization} field (RFC 6750 §2.1): scheme, space, token. */
    public String authorization() {
        return token.authorization();
    }

    /** The head never went to the socket: the use goes back to the pool. */
    public void returned() {
        resolve(Outcome.RETURNED);
        pool.returned(token);
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

    /** The head that carries the token was handed to the transport; told only where {@link LearnUses} asks for it. */
    public void headSent() {
        // Nothing is learnt yet.
    }

    /**
     * The upstream's answer to this lease, {@linkplain #accepted() accepted} already, said what is left on the token.
     *
     * @param remaining uses, 0 or more
     */
    public void trialsRemaining(int remaining) {
        // Nothing is learnt yet.
    }

    AccessToken token() {
        return token;
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
