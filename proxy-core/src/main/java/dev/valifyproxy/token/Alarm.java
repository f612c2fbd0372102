package dev.valifyproxy.token;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One timer that is set, moved and cancelled. Belongs to the mint thread, and rings there. */
final class Alarm {

    private final Surroundings around;
    private final Runnable action;
    private @Nullable ScheduledFuture<?> timer;
    private long atNanos;

    Alarm(Surroundings around, Runnable action) {
        this.around = around;
        this.action = action;
    }

    boolean isSet() {
        return timer != null;
    }

    /** When it rings; of meaning only while it is set. */
    long atNanos() {
        return atNanos;
    }

    /** Rings then, and at no other time. */
    void ringAt(long nanos) {
        cancel();
        atNanos = nanos;
        long delay = nanos - around.nanoTime().getAsLong();
        timer = around.mintThread().schedule(this::ring, delay, TimeUnit.NANOSECONDS);
    }

    /**
     * Rings then or earlier. For an action that looks what is due and sets the alarm anew: so a queue of deadlines costs one timer per
     * period, not one per entry.
     */
    void ringBy(long nanos) {
        if (timer == null || nanos - atNanos < 0) {
            ringAt(nanos);
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void ring() {
        timer = null;
        action.run();
    }
}
