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
     * @param inFlight mints in flight
     * @param held tokens held
     */
    Permit permit(int wanted, int inFlight, int held, MintState state, long now) {
        if (state != MintState.HEALTHY) {
            return new Permit(Math.min(wanted, Math.max(0, 1 - inFlight)), null);
        }
        int mints = wanted;
        MintLimit limit = null;
        int concurrent = bounds.maxConcurrentMints() - inFlight;
        if (mints > concurrent) {
            mints = Math.max(0, concurrent);
            limit = MintLimit.MAX_CONCURRENT_MINTS;
        }
        int tokens = bounds.maxTokens() - held - inFlight;
        if (mints > tokens) {
            mints = Math.max(0, tokens);
            limit = MintLimit.MAX_TOKENS;
        }
        int left = quota.left(now);
        if (mints > left) {
            mints = left;
            limit = MintLimit.MAX_MINTS_PER_MINUTE;
        }
        return new Permit(mints, limit);
    }

    /** A mint was sent. */
    void sent(long now) {
        quota.spend(now);
    }

    /** When a mint that the quota held back may be sent. */
    long quotaEndsAtNanos() {
        return quota.nextNanos();
    }
}
