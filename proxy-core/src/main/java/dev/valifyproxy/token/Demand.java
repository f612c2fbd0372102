package dev.valifyproxy.token;

import java.time.Duration;
import java.util.Arrays;

/**
 * How many uses calls want. The count of all arrivals is cut into buckets of 30 ms, and these are read in several ways, since no one of
 * them serves all loads:
 *
 * <ul>
 *   <li>A rate that has just begun is the median of three buckets, less one arrival: so it is seen within three buckets, while a burst
 *       that comes at once is in one of them only and makes no rate (its calls are in line and are minted for as they stand). The same
 *       over buckets three times as long is less noisy and a little later.
 *   <li>A moving average over ten seconds, less one arrival, does not lose a slow load between the buckets.
 *   <li>A moving average over a minute, less one arrival, in which each second counts for three at the most, is what lasts: one burst,
 *       however large, is hardly any of it.
 *   <li>What was wanted within one mint, at the most, is remembered for each slot; of those, the one that came twice is the peak.
 * </ul>
 *
 * Mint thread only; allocates nothing after its construction.
 */
final class Demand {

    private static final long BUCKET_NANOS = Duration.ofMillis(30).toNanos();
    /** How far back the average reaches. */
    static final double MEMORY_NANOS = Duration.ofSeconds(10).toNanos();

    private static final double KEPT = Math.exp(-BUCKET_NANOS / MEMORY_NANOS);

    /** Close to a second, in buckets. */
    private static final int SECOND = 33;

    private static final double MOST_A_SECOND = 3;
    private static final double LASTING_MEMORY = 60;

    /** Buckets remembered, a power of two: a quarter of a minute, the longest mint whose demand is measured. */
    private static final int BUCKETS = 512;

    private static final int BUCKETS_A_SLOT = 333;
    private static final int SLOTS = 30;

    /** Arrivals up to the end of each bucket. */
    private final double[] total = new double[BUCKETS];

    private final double[] arrivalsOf = new double[SLOTS];
    private final double[] peakOf = new double[SLOTS];
    private final long originNanos;
    private long closed;
    private long seenAtNanos;
    private double seen;
    private long counted;
    private double average;
    private double second;
    private double lasting;
    private double mean;
    private double peak;

    Demand(long nowNanos) {
        this.originNanos = nowNanos;
        this.seenAtNanos = nowNanos;
    }

    /**
     * Looks at the count of all arrivals; as often as one likes. What came since the last look is taken to have come evenly.
     *
     * @param mintNanos how long a mint takes, for the peak
     */
    void observe(long arrivals, long now, long mintNanos) {
        long ended = (now - originNanos) / BUCKET_NANOS;
        if (ended - closed > (long) SLOTS * BUCKETS_A_SLOT) {
            forget(ended);
        }
        // A call that leaves the line takes its arrival back, but it has come all the same.
        double came = Math.max(0, arrivals - counted);
        double all = seen + came;
        counted = arrivals;
        double perNano = came / Math.max(1, now - seenAtNanos);
        boolean closes = closed < ended;
        while (closed < ended) {
            long end = originNanos + (closed + 1) * BUCKET_NANOS;
            double part = perNano * (end - seenAtNanos);
            seen += part;
            seenAtNanos = end;
            close(mintNanos);
        }
        if (closes) {
            mean = newMean();
            peak = newPeak();
        }
        seen = all;
        seenAtNanos = now;
    }

    /** Uses wanted per nanosecond. */
    double perNano() {
        return Math.max(average - 1 / MEMORY_NANOS, Math.max(begun(1), begun(3)));
    }

    /** The moving average over ten seconds. */
    double averagePerNano() {
        return average;
    }

    /** What lasts of it, three a second at the most. */
    double lastingPerNano() {
        return Math.max(0, lasting - 1 / LASTING_MEMORY) / (SECOND * BUCKET_NANOS);
    }

    /** The mean of all that is remembered, per nanosecond. */
    double meanPerNano() {
        return mean;
    }

    /** How many uses were wanted within one mint, at the most, on two occasions within five minutes. */
    double peak() {
        return peak;
    }

    private double newMean() {
        double sum = 0;
        for (double arrivals : arrivalsOf) {
            sum += arrivals;
        }
        return sum / ((double) SLOTS * BUCKETS_A_SLOT * BUCKET_NANOS);
    }

    private double newPeak() {
        int highest = 0;
        for (int slot = 1; slot < SLOTS; slot++) {
            highest = peakOf[slot] > peakOf[highest] ? slot : highest;
        }
        double second = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            // One burst may fall into two neighbours.
            int apart = Math.floorMod(slot - highest, SLOTS);
            if (apart > 1 && apart < SLOTS - 1) {
                second = Math.max(second, peakOf[slot]);
            }
        }
        return second;
    }

    private void close(long mintNanos) {
        closed++;
        total[index(closed)] = seen;
        average = average * KEPT + within(1) / BUCKET_NANOS * (1 - KEPT);
        second += within(1);
        if (closed % SECOND == 0) {
            lasting += (Math.min(second, MOST_A_SECOND) - lasting) / LASTING_MEMORY;
            second = 0;
        }
        int slot = slot();
        if (closed % BUCKETS_A_SLOT == 1) {
            arrivalsOf[slot] = 0;
            peakOf[slot] = 0;
        }
        arrivalsOf[slot] += within(1);
        // A rate is seen after three buckets, and a mint that is sent then must come.
        int buckets = (int) Math.min(BUCKETS - 1, mintNanos / BUCKET_NANOS + 3);
        peakOf[slot] = Math.max(peakOf[slot], within(buckets));
    }

    /** After minutes without a look nothing is left of what was seen before. */
    private void forget(long ended) {
        Arrays.fill(arrivalsOf, 0);
        Arrays.fill(peakOf, 0);
        Arrays.fill(total, seen);
        average = 0;
        lasting = 0;
        second = 0;
        closed = ended - BUCKETS;
        seenAtNanos = originNanos + closed * BUCKET_NANOS;
    }

    private double begun(int buckets) {
        double last = within(buckets);
        double before = within(2 * buckets) - last;
        double first = within(3 * buckets) - last - before;
        double median = Math.max(Math.min(last, before), Math.min(Math.max(last, before), first));
        return Math.max(0, median - 1) / (buckets * BUCKET_NANOS);
    }

    /** Arrivals in the last so many buckets. */
    private double within(int buckets) {
        return closed < buckets ? total[index(closed)] : total[index(closed)] - total[index(closed - buckets)];
    }

    private static int index(long bucket) {
        return (int) (bucket & (BUCKETS - 1));
    }

    private int slot() {
        return (int) ((closed - 1) / BUCKETS_A_SLOT % SLOTS);
    }
}
