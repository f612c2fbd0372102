package dev.valifyproxy.token;

/** How long mints took of late. Mint thread only; allocates nothing after its construction. */
final class LatencyWindow {

    private static final int SAMPLES = 64;

    private final long[] latest = new long[SAMPLES];
    private int recorded;
    private long sumNanos;

    void record(long nanos) {
        int place = recorded % SAMPLES;
        sumNanos += nanos - latest[place];
        latest[place] = nanos;
        // Past the first round only the place in the ring matters; so the count never overflows.
        recorded = recorded + 1 < 2 * SAMPLES ? recorded + 1 : SAMPLES;
    }

    /** The mean; 0 before the first. */
    long meanNanos() {
        return recorded == 0 ? 0 : sumNanos / Math.min(recorded, SAMPLES);
    }

    /** No recent mint took longer; 0 before the first. */
    long highestNanos() {
        long highest = 0;
        for (long nanos : latest) {
            highest = Math.max(highest, nanos);
        }
        return highest;
    }
}
