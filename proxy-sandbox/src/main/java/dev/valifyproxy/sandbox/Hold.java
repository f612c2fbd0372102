package dev.valifyproxy.sandbox;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Answers held back until a test lets them go, so that it can stage a race without sleeping. Thread-safe.
 *
 * <pre>{@code
 * try (Hold hold = sandbox.faults().calls().hold()) {
 *     client.send(…);
 *     hold.awaitHeld(1, ofSeconds(5));   // the call has been performed, its answer is not sent
 * }                                      // and now it is
 * }</pre>
 */
public final class Hold implements AutoCloseable {
    private final Tally held = new Tally("answers held");
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    Hold() {}

    /** Blocks until so many answers in all have come to be held; fails when they have not in this time. */
    public void awaitHeld(int answers, Duration timeout) {
        held.awaitAtLeast(answers, timeout);
    }

    /** Lets all answers go, those held and those to come. */
    public void release() {
        released.complete(null);
    }

    /** The same as {@link #release()}. */
    @Override
    public void close() {
        release();
    }

    boolean isReleased() {
        return released.isDone();
    }

    /** Runs the action once released, on the thread that releases. */
    void whenReleased(Runnable action) {
        released.thenRun(action);
        held.add(1);
    }
}
