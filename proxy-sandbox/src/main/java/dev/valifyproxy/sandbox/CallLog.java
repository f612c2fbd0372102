package dev.valifyproxy.sandbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the sandbox saw: the last requests, and counts of all. A request stands here when all of it has been read, or when
 * a fault ends it earlier; in both cases before anything is answered. Thread-safe.
 */
public final class CallLog {
    private final ArrayDeque<Call> last = new ArrayDeque<>();
    private final Tally mints = new Tally("token requests");
    private final Tally calls = new Tally("calls");
    private final Tally connections = new Tally("connections");
    private final Tally open = new Tally("open connections");
    private final int capacity;
    private final @Nullable Consumer<Call> listener;

    CallLog(int capacity, @Nullable Consumer<Call> listener) {
        this.capacity = capacity;
        this.listener = listener;
    }

    /** Token requests seen. */
    public long mints() {
        return mints.get();
    }

    /** All other requests seen. */
    public long calls() {
        return calls.get();
    }

    /** Connections accepted so far. */
    public long connectionsOpened() {
        return connections.get();
    }

    /** Connections open now. */
    public long openConnections() {
        return open.get();
    }

    /** The last service calls, oldest first. */
    public List<Call> lastCalls() {
        return lastOf(Call.Kind.SERVICE);
    }

    /** The last token requests, oldest first. */
    public List<Call> lastMints() {
        return lastOf(Call.Kind.MINT);
    }

    /** Blocks until so many service calls have been seen since the start; fails when they have not in this time. */
    public void awaitCalls(long number, Duration timeout) {
        calls.awaitAtLeast(number, timeout);
    }

    /** Blocks until so many token requests have been seen since the start; fails when they have not in this time. */
    public void awaitMints(long number, Duration timeout) {
        mints.awaitAtLeast(number, timeout);
    }

    /** Blocks until exactly so many connections are open; fails when it has not come to this in this time. */
    public void awaitOpenConnections(long number, Duration timeout) {
        open.awaitExactly(number, timeout);
    }

    /** Whether calls are kept at all; if not, there is no need to hash their bodies. */
    boolean isRecording() {
        return capacity > 0;
    }

    /** Whether anybody wants to know more of a call than that it was. */
    boolean isHeard() {
        return isRecording() || listener != null;
    }

    void count(Call.Kind kind) {
        (kind == Call.Kind.MINT ? mints : calls).add(1);
    }

    /** Keeps it, if calls are kept, and tells the listener. */
    void keep(Call call) {
        if (listener != null) {
            listener.accept(call);
        }
        if (!isRecording()) {
            return;
        }
        synchronized (last) {
            if (last.size() == capacity) {
                last.removeFirst();
            }
            last.addLast(call);
        }
    }

    void connectionOpened() {
        connections.add(1);
        open.add(1);
    }

    void connectionClosed() {
        open.add(-1);
    }

    private List<Call> lastOf(Call.Kind kind) {
        synchronized (last) {
            return last.stream().filter(call -> call.kind() == kind).toList();
        }
    }
}
