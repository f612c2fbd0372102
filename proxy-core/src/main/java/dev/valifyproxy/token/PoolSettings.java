package dev.valifyproxy.token;

import java.time.Duration;

/**
 * How the pool of tokens behaves; section {@code token} of the configuration.
 *
 * @param maxUses calls a token may serve, at least 1; in each scope
 * @param scopes in how many scopes a token's uses are counted apart, at least 1; they are numbered from 0
 * @param learnUses what is made of the uses that the upstream says are left
 * @param expiryMargin how long before its expiry a token is no longer used; at most a tenth of its lifetime counts
 * @param acquireTimeout how long a call waits for a use
 * @param mintTimeout when a mint counts as failed
 * @param floor uses kept ready while idle, 0 or more
 * @param maxConcurrentMints mints in flight at the most, at least 1
 * @param maxWaiters calls in line at the most
 */
public record PoolSettings(
        int maxUses,
        int scopes,
        LearnUses learnUses,
        Duration expiryMargin,
        Duration acquireTimeout,
        Duration mintTimeout,
        int floor,
        int maxConcurrentMints,
        int maxWaiters) {}
