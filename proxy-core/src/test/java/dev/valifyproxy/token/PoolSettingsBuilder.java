package dev.valifyproxy.token;

import dev.valifyproxy.token.PoolSettings.MintBounds;

/** Settings of a pool as a test wants them: at their defaults, save what it says. */
final class PoolSettingsBuilder {

    private int scopes = 1;
    private LearnUses learnUses = LearnUses.OFF;
    private int floor;
    private MintBounds bounds = new MintBounds(128, 10_000, MintBounds.UNLIMITED);
    private int maxWaiters = 1_024;
    private boolean dropOldTokens;
    private boolean detectLeaks;

    PoolSettingsBuilder scopes(int number) {
        scopes = number;
        return this;
    }

    PoolSettingsBuilder learnUses(LearnUses mode) {
        learnUses = mode;
        return this;
    }

    PoolSettingsBuilder floor(int uses) {
        floor = uses;
        return this;
    }

    PoolSettingsBuilder bounds(int concurrentMints, int tokens, int mintsPerMinute) {
        bounds = new MintBounds(concurrentMints, tokens, mintsPerMinute);
        return this;
    }

    PoolSettingsBuilder maxWaiters(int calls) {
        maxWaiters = calls;
        return this;
    }

    PoolSettingsBuilder dropOldTokens(boolean drop) {
        dropOldTokens = drop;
        return this;
    }

    PoolSettingsBuilder detectLeaks() {
        detectLeaks = true;
        return this;
    }

    PoolSettings build() {
        return new PoolSettings(
                3,
                scopes,
                learnUses,
                PoolFixture.MARGIN,
                PoolFixture.ACQUIRE_TIMEOUT,
                PoolFixture.MINT_TIMEOUT,
                floor,
                bounds,
                maxWaiters,
                dropOldTokens,
                detectLeaks);
    }
}
