package dev.valifyproxy.sandbox;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What befalls the requests of one kind, token requests or service calls. Each request takes, when its head has been read,
 * the first fault that waits in line, or else the standing or drawn one; its answer then waits for the latency, and for the hold.
 * Everything can be changed at any time, from any thread.
 */
public final class FaultPlan {
    private final Call.Kind kind;
    private final Queue<Fault> line = new ConcurrentLinkedQueue<>();
    private volatile Supplier<@Nullable Fault> standing = () -> null;
    private volatile @Nullable Hold hold;
    private volatile Duration latency = Duration.ZERO;

    FaultPlan(Call.Kind kind) {
        this.kind = kind;
    }

    /** Puts faults in line, each for one request to come. */
    public FaultPlan next(Fault... faults) {
        for (Fault fault : faults) {
            line.add(checked(fault));
        }
        return this;
    }

    /** Puts the same fault in line for so many requests. */
    public FaultPlan next(int requests, Fault fault) {
        for (int i = 0; i < requests; i++) {
            line.add(checked(fault));
        }
        return this;
    }

    /** Gives each request this fault for which none waits in line. */
    public FaultPlan every(Fault fault) {
        Fault always = checked(fault);
        return draw(() -> always);
    }

    /**
     * Gives each request what is drawn for it, null for nothing, if no fault waits in line. The urn is asked on the event loops, by several at
     * once.
     */
    public FaultPlan draw(Supplier<@Nullable Fault> urn) {
        standing = urn;
        return this;
    }

    /** Delays answers from now on by so much, counted from the end of the request. */
    public FaultPlan latency(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("latency = " + delay + ": must not be negative");
        }
        latency = delay;
        return this;
    }

    /**
     * Holds answers back, from now until the hold is released; the requests have been performed by then. A later hold takes
     * the place of an earlier one for the answers that come after it.
     */
    public Hold hold() {
        Hold begun = new Hold();
        hold = begun;
        return begun;
    }

    /** Ends all faults and the latency. A hold goes on until it is released. */
    public void clear() {
        line.clear();
        standing = () -> null;
        latency = Duration.ZERO;
    }

    @Nullable
    Fault take() {
        Fault first = line.poll();
        return first == null ? standing.get() : first;
    }

    Duration latency() {
        return latency;
    }

    /** The hold that answers must pass now; null when there is none. */
    @Nullable
    Hold currentHold() {
        Hold begun = hold;
        return begun == null || begun.isReleased() ? null : begun;
    }

    private Fault checked(Fault fault) {
        if (kind == Call.Kind.MINT && fault instanceof Fault.TokenRejected) {
            throw new IllegalArgumentException("fault = " + fault + ": a token request brings no token");
        }
        return fault;
    }
}
