package dev.valifyproxy.token;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The mints that were sent and have not ended, oldest first. Mint thread only, save {@link #size()}. */
final class InFlight {

    /** A request for a token; told apart by identity. */
    static final class Mint {

        private final TokenSource source;
        private final long sentAtNanos;

        private Mint(TokenSource source, long sentAtNanos) {
            this.source = source;
            this.sentAtNanos = sentAtNanos;
        }

        TokenSource source() {
            return source;
        }

        long sentAtNanos() {
            return sentAtNanos;
        }
    }

    private final Deque<Mint> mints = new ArrayDeque<>();
    private volatile int size;

    /** Any thread. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return mints.isEmpty();
    }

    Mint sent(TokenSource source, long now) {
        Mint mint = new Mint(source, now);
        mints.add(mint);
        size = mints.size();
        return mint;
    }

    /** False if it does not count any more. */
    boolean ended(Mint mint) {
        boolean counted = mints.remove(mint);
        size = mints.size();
        return counted;
    }

    /** The one that was sent first, or null. */
    @Nullable
    Mint oldest() {
        return mints.peek();
    }

    /** How many were sent then or later. */
    int sentSince(long nanos) {
        int count = 0;
        for (Mint mint : mints) {
            if (mint.sentAtNanos - nanos >= 0) {
                count++;
            }
        }
        return count;
    }

    /** None of them counts any more; what they bring is late. */
    void forgetAll() {
        mints.clear();
        size = 0;
    }
}
