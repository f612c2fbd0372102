package dev.valifyproxy.bench.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * The token endpoint and the API behind it, as strict as can be: it keeps the book of all tokens, and judges each call at the moment at
 * which it is sent. A token's life begins when its mint is sent, the worst that can be.
 */
final class Issuer {

    /** A token as the server knows it. */
    private static final class Issued {

        private final long atNanos;
        private int uses;

        Issued(long atNanos) {
            this.atNanos = atNanos;
        }
    }

    private final Scenario scenario;
    private final VirtualTime time;
    private final RandomGenerator random;
    private final List<Issued> ledger = new ArrayList<>();
    private long forgottenBeforeNanos;
    private int asked;
    private int inFlight;
    private int peakInFlight;
    private int overUses;
    private int expiredUses;
    private int rejections;

    Issuer(Scenario scenario, VirtualTime time, RandomGenerator random) {
        this.scenario = scenario;
        this.time = time;
        this.random = random;
    }

    /** How long the next mint takes, in nanoseconds, were the issuer well. */
    long drawLatency() {
        return scenario.mintLatency().draw(random);
    }

    /**
     * Asks for a token.
     *
     * @param latency as it was drawn
     * @param minted hears the new token's number
     * @param failed runs if there is none
     */
    void mint(long latency, IntConsumer minted, Runnable failed) {
        long now = time.getAsLong();
        asked++;
        peakInFlight = Math.max(peakInFlight, ++inFlight);
        BrownOut brownOut = scenario.brownOut();
        boolean isWell = !brownOut.holdsAt(now);
        long takes = isWell ? latency : Math.round(latency * brownOut.factor());
        if (!isWell && brownOut.fails()) {
            answer(takes, failed);
            return;
        }
        int token = ledger.size();
        ledger.add(new Issued(now));
        answer(takes, () -> minted.accept(token));
    }

    private void answer(long takes, Runnable answer) {
        time.at(time.getAsLong() + takes, () -> {
            inFlight--;
            answer.run();
        });
    }

    /** Forgets all tokens there are. */
    void forgetAll() {
        forgottenBeforeNanos = time.getAsLong();
    }

    /** Whether a call that is sent now with this token is performed; else it will be answered 403. */
    boolean performs(int token) {
        Issued issued = ledger.get(token);
        if (isForgotten(issued)) {
            rejections++;
            return false;
        }
        boolean used = ++issued.uses > scenario.pool().maxUses();
        boolean expired =
                time.getAsLong() - issued.atNanos >= scenario.lifetime().toNanos();
        overUses += used ? 1 : 0;
        expiredUses += expired ? 1 : 0;
        rejections += used || expired ? 1 : 0;
        return !used && !expired;
    }

    /** Requests for a token. */
    int asked() {
        return asked;
    }

    /** Tokens whose mint was sent at this moment or later. */
    int mintedSince(long nanos) {
        return (int) ledger.stream().filter(token -> token.atNanos >= nanos).count();
    }

    int peakInFlight() {
        return peakInFlight;
    }

    int overUses() {
        return overUses;
    }

    int expiredUses() {
        return expiredUses;
    }

    int rejections() {
        return rejections;
    }

    /** Uses that nobody can use any more, of tokens that had come to their end. */
    int expiredUnused() {
        return unused(true);
    }

    /** Uses that nobody has used yet: what would be lost if the proxy were restarted now. */
    int leftOver() {
        return unused(false);
    }

    private int unused(boolean expired) {
        long usable = scenario.usableNanos();
        int unused = 0;
        for (Issued token : ledger) {
            if (!isForgotten(token) && time.getAsLong() - token.atNanos >= usable == expired) {
                unused += Math.max(0, scenario.pool().maxUses() - token.uses);
            }
        }
        return unused;
    }

    private boolean isForgotten(Issued token) {
        return token.atNanos < forgottenBeforeNanos;
    }
}
