package dev.valifyproxy.token;

import java.time.Duration;

/**
 * How the pool of tokens behaves; section {@code token} of the configuration.
 *
 * @param maxUses calls a token may serve, at least 1; in each scope
 * @param scopes in how many scopes the upstream counts a token's uses apart, at least 1; scopes are numbered from 0
 * @param learnUses what is made of the uses that the upstream says are left
 * @param expiryMargin how long before its expiry a token is no longer used; at most a tenth of its lifetime counts
 * @param acquireTimeout how long a call waits for a use
 * @param mintTimeout when a mint counts as failed
 * @param floor uses kept ready while idle, 0 or more; in each scope
 * @param bounds of minting
 * @param maxWaiters calls in line at the most; in each scope
 * @param dropOldTokens whether new credentials void the tokens of the old ones, which else are used up
 * @param detectLeaks whether leases that were never resolved are searched for; costs a stack trace per call
 */
public record PoolSettings(
        int maxUses,
        int scopes,
        LearnUses learnUses,
        Duration expiryMargin,
        Duration acquireTimeout,
        Duration mintTimeout,
        int floor,
        MintBounds bounds,
        int maxWaiters,
        boolean dropOldTokens,
        boolean detectLeaks) {

    /**
     * How much may be minted.
     *
     * @param maxConcurrentMints mints in flight at the most, at least 1
     * @param maxTokens tokens held or asked for at the most, at least 1
     * @param maxMintsPerMinute mints sent within any minute at the most; {@link #UNLIMITED} for no such limit
     */
    public record MintBounds(int maxConcurrentMints, int maxTokens, int maxMintsPerMinute) {

        /** No limit. */
        public static final int UNLIMITED = Integer.MAX_VALUE;
    }
}
