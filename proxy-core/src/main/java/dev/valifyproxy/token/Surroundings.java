package dev.valifyproxy.token;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a pool gets from outside, so that a test can hold it.
 *
 * @param mintThread one thread, on which everything but the taking of a ready use happens
 * @param nanoTime the ticker; any thread
 * @param random for jitter; mint thread only
 * @param listener hears what happens
 */
record Surroundings(
        ScheduledExecutorService mintThread, LongSupplier nanoTime, RandomGenerator random, PoolListener listener) {

    long now() {
        return nanoTime.getAsLong();
    }

    /** Runs a task on the mint thread, after what is running there; false if that thread has ended, and the pool with it. */
    boolean post(Runnable task) {
        try {
            mintThread.execute(task);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }
}
