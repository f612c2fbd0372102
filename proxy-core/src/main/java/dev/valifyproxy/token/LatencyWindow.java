package dev.valifyproxy.token;

import java.util.Arrays;

/** How long mints took of late, as one high number. Mint thread only; allocates nothing after its construction. */
final class LatencyWindow {

    private static final int SAMPLES = 64;
    private static final int SORT_EVERY = 8;
    private static final double QUANTILE = 0.9;

    private final long[] latest = new long[SAMPLES];
    private final long[] sorted = new long[SAMPLES];
    private int recorded;
    private int sinceSorted;
    private long highNanos;

    void record(long nanos) {
        latest[recorded % SAMPLES] = nanos;
        // Past the first round only the place in the ring matters; so the count never overflows.
        recorded = recorded + 1 < 2 * SAMPLES ? recorded + 1 : SAMPLES;
        int count = Math.min(recorded, SAMPLES);
        // Of many, a few more change little: under load the sorting is done for eight at once.
        if (++sinceSorted >= SORT_EVERY || recorded < SAMPLES) {
            sinceSorted = 0;
            System.arraycopy(latest, 0, sorted, 0, count);
            Arrays.sort(sorted, 0, count);
            highNanos = sorted[(int) Math.ceil(QUANTILE * count) - 1];
        }
    }

    /** Nine of ten recent mints took no longer; 0 before the first. */
    long highNanos() {
        return highNanos;
    }
}
