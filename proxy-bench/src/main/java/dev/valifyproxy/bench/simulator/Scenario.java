package dev.valifyproxy.bench.simulator;

import dev.valifyproxy.token.PoolSettings;
import java.time.Duration;

/**
 * One world to try the schemes in.
 *
 * @param name as the report has it
 * @param title what happens in it
 * @param trace when calls come
 * @param length how long they do
 * @param window the part of it in which waits are measured
 * @param apiLatency how long a call takes once it has its token
 * @param mintLatency how long the issuer takes while it is well
 * @param brownOut when it is not
 * @param invalidateAt when all tokens are forgotten at once; zero for never
 * @param lifetime how long a token lives
 * @param pool limits of our pool; those that are the proxy's and not the policy's hold for all schemes
 */
record Scenario(
        String name,
        String title,
        Trace trace,
        Duration length,
        Window window,
        Duration apiLatency,
        MintLatency mintLatency,
        BrownOut brownOut,
        Duration invalidateAt,
        Duration lifetime,
        PoolSettings pool) {

    /** A stretch of time, its end not included. */
    record Window(Duration from, Duration to) {

        boolean holds(long nanos) {
            return nanos >= from.toNanos() && nanos < to.toNanos();
        }
    }

    /** How long after the sending of its mint a token may be used: its lifetime less the margin. */
    long usableNanos() {
        return lifetime.toNanos()
                - Math.min(pool.expiryMargin().toNanos(), lifetime.dividedBy(10).toNanos());
    }

    boolean hasInvalidation() {
        return !invalidateAt.isZero();
    }
}
