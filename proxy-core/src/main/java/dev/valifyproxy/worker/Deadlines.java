package dev.valifyproxy.worker;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coarse timer wheel for the deadlines of one event loop's connections and calls, of which nearly all are put off or cleared before
 * they expire. Expiry is never early and at most one tick late, as long as the loop turns. Confined to its event loop, which it asks
 * for a tick only while something hangs in it.
 */
public final class Deadlines {

    private static final Logger log = LoggerFactory.getLogger(Deadlines.class);

    /** Length of a tick: deadlines are seconds, so a twentieth of one is exact enough. */
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Slots of the wheel, a power of two; what lies further ahead hangs in the last and is placed anew from there. */
    private static final int SLOTS = 512;

    private final ScheduledExecutorService loop;
    private final LongSupplier nanoTime;
    private final long origin;
    private final @Nullable Deadline[] slots = new Deadline[SLOTS];
    private long currentTick;
    private int hanging;
    private boolean ticking;

    /** Driven by this event loop and clock. */
    public Deadlines(ScheduledExecutorService loop, LongSupplier nanoTime) {
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.origin = nanoTime.getAsLong();
    }

    /** A deadline that runs this when it expires; not set yet. */
    public Deadline create(Runnable onExpiry) {
        return new Deadline(this, onExpiry);
    }

    /** The clock's reading, nanoseconds from an arbitrary origin. */
    public long now() {
        return nanoTime.getAsLong();
    }

    void place(Deadline deadline, long at) {
        long due = Math.max(tickAtOrAfter(at), currentTick + 1);
        if (deadline.tick >= 0 && deadline.tick <= due) {
            return;
        }
        unlink(deadline);
        // A wheel that stood still has empty slots, so it may jump to the present. Not while it turns: a deadline that
        // is placed anew
        // could land in the very slot that is being emptied, over and over.
        if (!ticking) {
            currentTick = Math.max(currentTick, (now() - origin) / TICK_NANOS);
        }
        link(deadline, Math.min(Math.max(due, currentTick + 1), currentTick + SLOTS - 1));
        if (!ticking) {
            ticking = true;
            scheduleTick();
        }
    }

    private void tick() {
        long target = (now() - origin) / TICK_NANOS;
        while (currentTick < target && hanging > 0) {
            currentTick++;
            turn();
        }
        currentTick = Math.max(currentTick, target);
        if (hanging > 0) {
            scheduleTick();
        } else {
            ticking = false;
        }
    }

    private void turn() {
        int slot = (int) (currentTick & (SLOTS - 1));
        Deadline deadline = slots[slot];
        while (deadline != null) {
            unlink(deadline);
            if (deadline.isSet()) {
                if (tickAtOrAfter(deadline.at()) <= currentTick) {
                    expire(deadline);
                } else {
                    place(deadline, deadline.at());
                }
            }
            deadline = slots[slot];
        }
    }

    /** One that fails must not take the others with it. */
    private static void expire(Deadline deadline) {
        try {
            deadline.expire();
        } catch (RuntimeException e) {
            log.error("a deadline's action failed", e);
        }
    }

    private void scheduleTick() {
        // At the boundary, not a tick from now: half a tick late here would be a whole one late there.
        long boundary = origin + (currentTick + 1) * TICK_NANOS;
        loop.schedule(this::tick, Math.max(boundary - now(), 0), TimeUnit.NANOSECONDS);
    }

    private long tickAtOrAfter(long at) {
        return Math.floorDiv(at - origin + TICK_NANOS - 1, TICK_NANOS);
    }

    private void link(Deadline deadline, long tick) {
        int slot = (int) (tick & (SLOTS - 1));
        Deadline first = slots[slot];
        deadline.tick = tick;
        deadline.previous = null;
        deadline.next = first;
        if (first != null) {
            first.previous = deadline;
        }
        slots[slot] = deadline;
        hanging++;
    }

    void unlink(Deadline deadline) {
        if (deadline.tick < 0) {
            return;
        }
        Deadline before = deadline.previous;
        Deadline after = deadline.next;
        if (before == null) {
            slots[(int) (deadline.tick & (SLOTS - 1))] = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        deadline.tick = -1;
        deadline.previous = null;
        deadline.next = null;
        hanging--;
    }
}
