package dev.valifyproxy.bench.load;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The tokens that an upstream issued and what is left of them. Confined to one event loop. */
final class Ledger {

    private final int uses;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Token> tokens = new HashMap<>();
    private long minted;
    private long accepted;
    private long refused;

    /**
     * An empty one.
     *
     * @param uses calls that each token serves
     * @param lifetimeNanos for so long
     */
    Ledger(int uses, long lifetimeNanos, LongSupplier nanoTime) {
        this.uses = uses;
        this.lifetimeNanos = lifetimeNanos;
        this.nanoTime = nanoTime;
    }

    /** Issues a token. */
    String mint() {
        String token = "bench-" + ++minted;
        tokens.put(token, new Token(uses, nanoTime.getAsLong() + lifetimeNanos));
        return token;
    }

    /** Takes one use of a token, if it has one left; whether it had. */
    boolean use(String token) {
        Token known = tokens.remove(token);
        if (known == null || nanoTime.getAsLong() - known.expiry >= 0) {
            refused++;
            return false;
        }
        accepted++;
        if (known.left > 1) {
            tokens.put(token, new Token(known.left - 1, known.expiry));
        }
        return true;
    }

    /** The counts so far. */
    Counts counts() {
        return new Counts(minted, accepted, refused);
    }

    private record Token(int left, long expiry) {}

    /**
     * What became of tokens, and of the calls that brought one.
     *
     * @param minted tokens issued
     * @param accepted calls whose token was good: these were performed
     * @param refused calls whose token was unknown, used up or expired
     */
    record Counts(long minted, long accepted, long refused) {

        /** What was added since. */
        Counts since(Counts before) {
            return new Counts(minted - before.minted, accepted - before.accepted, refused - before.refused);
        }
    }
}
