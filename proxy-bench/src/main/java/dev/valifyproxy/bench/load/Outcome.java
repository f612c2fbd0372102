package dev.valifyproxy.bench.load;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What a run found. Written on one thread, read when that has ended. */
final class Outcome {

    private static final int DIGITS = 3;

    private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    private final Histogram fromDue = new Histogram(DIGITS);
    private final Histogram fromSent = new Histogram(DIGITS);
    private long elapsedNanos;

    /** Counts a call, however it ended. */
    void count(Verdict verdict, long calls) {
        verdicts.merge(verdict, calls, Long::sum);
    }

    /**
     * Notes how long one took.
     *
     * @param dueNanos since it was to be sent: what a user would have waited, the delay by calls before it included
     * @param sentNanos since it was
     */
    void latency(long dueNanos, long sentNanos) {
        fromDue.recordValue(Math.max(0, dueNanos));
        fromSent.recordValue(Math.max(0, sentNanos));
    }

    /** How long the measured part lasted. */
    void elapsed(long nanos) {
        elapsedNanos = nanos;
    }

    /** Calls that ended so, those of the warm-up among them. */
    long calls(Verdict verdict) {
        return verdicts.getOrDefault(verdict, 0L);
    }

    /** Calls whose answers were not as they should be. */
    long wrong() {
        return verdicts.values().stream().mapToLong(Long::longValue).sum() - calls(Verdict.RIGHT);
    }

    /** Latencies counted from when each call was due, in nanoseconds. */
    Histogram fromDue() {
        return fromDue;
    }

    /** Latencies counted from when each was sent, in nanoseconds: what a client that waits for its turn believes. */
    Histogram fromSent() {
        return fromSent;
    }

    /** Measured calls per second. */
    double rate() {
        return elapsedNanos == 0 ? 0 : fromDue.getTotalCount() * 1e9 / elapsedNanos;
    }
}
