package dev.valifyproxy.bench.soak;

import dev.valifyproxy.sandbox.Call;
import dev.valifyproxy.sandbox.Fault;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Each call of the soak, by its number: how it ended for its client, and what the upstream saw of it. One word for each, made before the
 * first call, so that the book does not grow. Thread-safe.
 */
final class Book {

    private static final List<End> ENDS = List.of(End.values());
    private static final int END_MASK = 0xf;
    private static final int SAFE = 1 << 4;
    private static final int STALLED = 1 << 5;
    private static final int SENT_ONE = 1 << 8;
    private static final int SENT_MASK = 0xff;

    private final AtomicIntegerArray words;
    private final AtomicInteger next = new AtomicInteger();
    private final LongAdder usesTaken = new LongAdder();
    private final LongAdder strangers = new LongAdder();

    /** For this many calls at most. */
    Book(int capacity) {
        words = new AtomicIntegerArray(capacity);
    }

    /** A client begins a call; returns its number. */
    int open(boolean safe) {
        int id = next.getAndIncrement();
        words.set(id, safe ? SAFE : 0);
        return id;
    }

    /** Whether there is room for a hundred clients' next calls. */
    boolean isFull() {
        return next.get() > words.length() - 10_000;
    }

    /** The call ended for its client; must be told once. */
    void close(int id, End end) {
        if (endOf(id) != null) {
            throw new IllegalStateException("call " + id + " ended twice");
        }
        add(id, ENDS.indexOf(end) + 1);
    }

    /** The upstream read a call, or a fault cut it short. */
    void seen(Call call) {
        if (call.kind() == Call.Kind.MINT) {
            return;
        }
        List<String> ids = call.values(Request.ID_FIELD);
        if (ids.size() != 1) {
            strangers.increment();
            return;
        }
        int id = Integer.parseInt(ids.get(0));
        if (!call.tokenRefused()) {
            add(id, SENT_ONE);
            if (!isCutShort(call.fault())) {
                usesTaken.increment();
            }
        }
        if (call.fault() instanceof Fault.Broken broken && broken.cut() == Fault.Cut.STALL) {
            words.accumulateAndGet(id, STALLED, (word, bit) -> word | bit);
        }
    }

    private static boolean isCutShort(@Nullable Fault fault) {
        return (fault instanceof Fault.Broken broken && broken.moment() == Fault.Moment.HEAD_READ)
                || (fault instanceof Fault.Replaced replaced && replaced.moment() == Fault.Moment.HEAD_READ);
    }

    private void add(int id, int change) {
        words.addAndGet(id, change);
    }

    /** Calls begun. */
    int size() {
        return next.get();
    }

    /** How it ended for its client; null while it is on. */
    @Nullable
    End endOf(int id) {
        int end = words.get(id) & END_MASK;
        return end == 0 ? null : ENDS.get(end - 1);
    }

    boolean isSafe(int id) {
        return (words.get(id) & SAFE) != 0;
    }

    /** Whether the upstream fell silent over it. */
    boolean isStalled(int id) {
        return (words.get(id) & STALLED) != 0;
    }

    /** How often the upstream was sent it, refusals of its token not counted. */
    int sent(int id) {
        return (words.get(id) / SENT_ONE) & SENT_MASK;
    }

    /** Uses of tokens the upstream must have counted, by what it said of each call. */
    long usesTaken() {
        return usesTaken.sum();
    }

    /** Calls the upstream saw that nobody made. */
    long strangers() {
        return strangers.sum();
    }
}
