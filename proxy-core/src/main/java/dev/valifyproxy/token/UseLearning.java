package dev.valifyproxy.token;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Compares the uses that the upstream says are left of a token with our own books, and learns from it how many a token has. Calls
 * overlap, so an answer bounds the number from both sides, and only what is certain counts. Lock-free, any thread.
 */
final class UseLearning {

    /** How often one token was used, in each scope. */
    static final class Counts {

        private final AtomicIntegerArray sent;
        private final AtomicIntegerArray answered;

        private Counts(int scopes) {
            sent = new AtomicIntegerArray(scopes);
            answered = new AtomicIntegerArray(scopes);
        }

        /** A head left; returns how many calls had been counted before, to our certain knowledge. */
        int sent(int scope) {
            sent.incrementAndGet(scope);
            return answered.get(scope);
        }

        /** An answer told what is left; of others we do not know whether the upstream counts them. */
        void answered(int scope) {
            answered.incrementAndGet(scope);
        }
    }

    private final PoolSettings settings;
    private final PoolListener listener;
    private final AtomicInteger usesPerToken;

    UseLearning(PoolSettings settings, PoolListener listener) {
        this.settings = settings;
        this.listener = listener;
        this.usesPerToken = new AtomicInteger(settings.maxUses());
    }

    boolean isOn() {
        return settings.learnUses() != LearnUses.OFF;
    }

    Counts newCounts() {
        return new Counts(settings.scopes());
    }

    /** How many calls a token serves that is minted now. */
    int usesPerToken() {
        return usesPerToken.get();
    }

    /**
     * An answer told how many uses are left.
     *
     * @param answeredBefore calls with this token whose answers had told the same before this one's head left
     */
    void told(Counts counts, int scope, int answeredBefore, int remaining) {
        // What was sent by now the upstream may have counted; what was answered before, and this one, it has.
        int most = saturated((long) remaining + counts.sent.get(scope));
        int least = saturated((long) remaining + answeredBefore + 1);
        if (most < settings.maxUses()) {
            listener.usesDisagree(PoolListener.Disagreement.FEWER);
        } else if (least > settings.maxUses()) {
            listener.usesDisagree(PoolListener.Disagreement.MORE);
        }
        if (settings.learnUses() == LearnUses.ADAPT) {
            usesPerToken.updateAndGet(uses -> adapted(uses, least, most));
        }
    }

    private int adapted(int uses, int least, int most) {
        int fits = most < uses ? most : Math.max(uses, least);
        return Math.max(1, Math.min(fits, settings.maxUses()));
    }

    private static int saturated(long sum) {
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }
}
