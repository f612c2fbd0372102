package dev.valifyproxy.token;

import dev.valifyproxy.token.PoolSettings.MintBounds;
import org.jspecify.annotations.Nullable;

/** How many of the mints that are wanted may be sent. Mint thread only. */
final class MintGate {

    /**
     * What may be sent.
     *
     * @param mints so many
     * @param limit what held the others back, or null if none were, or no limit of the configuration did
     */
    record Permit(int mints, @Nullable MintLimit limit) {}

    private final MintBounds bounds;
    private final MintQuota quota;

    MintGate(MintBounds bounds) {
        this.bounds = bounds;
        this.quota = new MintQuota(bounds.maxMintsPerMinute());
    }

    /**
     * Unproven credentials are tried one at a time, lest a wrong password locks the account; so is an issuer that fails.
     *
     * @param wanted mints wanted beside those in flight
     * @param urgent those of them for calls whose token was refused, which no other token serves
     * @param inFlight mints in flight
     * @param held tokens held
     */
    Permit permit(int wanted, int urgent, int inFlight, int held, MintState state, long now) {
        boolean isWell = state == MintState.HEALTHY;
        int mints = wanted;
        MintLimit limit = null;
        int concurrent = Math.max(0, (isWell ? bounds.maxConcurrentMints() : 1) - inFlight);
        if (mints > concurrent) {
            mints = concurrent;
            limit = isWell ? MintLimit.MAX_CONCURRENT_MINTS : null;
        }
        // A probe goes out whatever is held: only a success ends the state it is in.
        int tokens = Math.max(urgent, bounds.maxTokens() - held - inFlight);
        if (isWell && mints > tokens) {
            mints = tokens;
            limit = MintLimit.MAX_TOKENS;
        }
        int left = quota.left(now);
        if (mints > left) {
            mints = left;
            limit = MintLimit.MAX_MINTS_PER_MINUTE;
        }
        return new Permit(mints, limit);
    }

    /** How many tokens may be held for one more to be asked for. */
    int mostHeld(int inFlight) {
        return bounds.maxTokens() - inFlight - 1;
    }

    /** A mint was sent. */
    void sent(long now) {
        quota.spend(now);
    }

    /** Whether the quota allows no mint now. */
    boolean isQuotaSpent(long now) {
        return quota.left(now) == 0;
    }

    /** When it allows one again. */
    long quotaEndsAtNanos() {
        return quota.nextNanos();
    }
}
