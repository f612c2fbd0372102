package dev.valifyproxy.worker;

import org.jspecify.annotations.Nullable;

/**
 * Something that is to happen unless it is put off or cleared first. Setting one again costs a field write: it stays where it is in the
 * wheel and is looked at when its old time comes. Confined to its wheel's event loop.
 */
public final class Deadline {

    private final Deadlines wheel;
    private final Runnable onExpiry;
    private boolean armed;
    private long at;

    /** Slot of the wheel it hangs in, as an absolute tick; -1 if in none. */
    long tick = -1;

    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    Deadline(Deadlines wheel, Runnable onExpiry) {
        this.wheel = wheel;
        this.onExpiry = onExpiry;
    }

    /** Lets it expire this many nanoseconds from now, in place of any earlier setting. */
    public void set(long delayNanos) {
        at = wheel.now() + delayNanos;
        armed = true;
        wheel.place(this, at);
    }

    /** Takes it back. It may stay in the wheel for a while, and with it what it would have acted on: for what is set again soon. */
    public void clear() {
        armed = false;
    }

    /** Takes it back and out of the wheel: for when it is not needed any more, or not soon. */
    public void cancel() {
        armed = false;
        wheel.unlink(this);
    }

    /** Whether it is set and has not expired. */
    public boolean isSet() {
        return armed;
    }

    long at() {
        return at;
    }

    void expire() {
        armed = false;
        onExpiry.run();
    }
}
