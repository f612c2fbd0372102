package dev.valifyproxy.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All that can be made to go wrong, while the sandbox runs and from any thread: a plan for token requests and one for all
 * other requests, the form of refusals, and connections that die as soon as they are made.
 */
public final class Faults {
    private final FaultPlan mints = new FaultPlan(Call.Kind.MINT);
    private final FaultPlan calls = new FaultPlan(Call.Kind.SERVICE);
    private final AtomicInteger connectionResets = new AtomicInteger();
    private final AtomicInteger dashTurn = new AtomicInteger();
    private volatile List<Dash> dashes = List.of(Dash.EN_DASH);
    private volatile Refusal refusal = Refusal.FORBIDDEN;

    Faults() {}

    /** What befalls token requests. */
    public FaultPlan mints() {
        return mints;
    }

    /** What befalls all other requests. */
    public FaultPlan calls() {
        return calls;
    }

    /** The latency of service calls; the same as {@code calls().latency(delay)}. */
    public void callLatency(Duration delay) {
        calls.latency(delay);
    }

    /** The latency of token requests; the same as {@code mints().latency(delay)}. */
    public void mintLatency(Duration delay) {
        mints.latency(delay);
    }

    /** The next service calls are refused for their tokens, good or not, and those tokens are dead from then on. */
    public void rejectNextTokens(int requests) {
        calls.next(requests, new Fault.TokenRejected());
    }

    /** Holds back the answers to service calls; the same as {@code calls().hold()}. */
    public Hold holdCalls() {
        return calls.hold();
    }

    /** Spells the dash of messages in these ways, in turn. At first it is always {@link Dash#EN_DASH}. */
    public void dashes(Dash... inTurn) {
        if (inTurn.length == 0) {
            throw new IllegalArgumentException("dashes = none: must be at least one");
        }
        dashes = List.of(inTurn);
    }

    /** Refuses tokens in this form. At first it is {@link Refusal#FORBIDDEN}. */
    public void refusal(Refusal form) {
        refusal = form;
    }

    /** Resets the next connections as soon as they are accepted. */
    public void resetNextConnections(int connections) {
        connectionResets.set(connections);
    }

    FaultPlan of(Call.Kind kind) {
        return kind == Call.Kind.MINT ? mints : calls;
    }

    Dash nextDash() {
        List<Dash> inTurn = dashes;
        return inTurn.get(inTurn.size() == 1 ? 0 : Math.floorMod(dashTurn.getAndIncrement(), inTurn.size()));
    }

    Refusal refusal() {
        return refusal;
    }

    boolean takeConnectionReset() {
        return connectionResets.get() > 0 && connectionResets.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }
}
