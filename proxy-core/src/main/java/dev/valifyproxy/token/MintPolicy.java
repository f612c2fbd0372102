package dev.valifyproxy.token;

import java.time.Duration;

/**
 * How many mints are wanted: so many that the uses there are, and those under way, suffice for what calls will want until a mint
 * started now would be there. Pure.
 *
 * @param floor uses kept ready while idle
 */
record MintPolicy(int floor) {

    /** Calls do not come evenly, and mints are late at times. */
    private static final double SAFETY = 1.5;

    /** How late the mint thread may be: a collector's pause, a busy processor. It comes on top of what a mint takes. */
    private static final double STALL_NANOS = Duration.ofMillis(20).toNanos();

    /**
     * A load that has lasted for about a second shows as this share of its rate in the slow average. A younger one may be a burst, and
     * must not leave a heap of tokens behind.
     */
    private static final double YOUNG_SHARE = 0.1;

    /** Of the uses that a burst has taken so far, the share that is kept ready for more of it. */
    private static final double SHARE_OF_A_BURST = 0.04;

    /** Mints under load are started in batches of this share of the reserve, so that the mint thread wakes once for many. */
    private static final int BATCHES = 8;

    /**
     * What is there and what is wanted.
     *
     * @param ready uses ready
     * @param due those among them that need a successor, because they expire soon
     * @param mints mints in flight
     * @param waiters calls in line
     * @param newerWaiters those among them that want a token minted after a rejection
     * @param newerMints those of the mints that would serve every one of them
     * @param usesPerToken what each of the mints will bring
     * @param usesPerNano the rate at which calls take uses
     * @param steadyPerNano the part of it that has lasted for seconds
     * @param mintNanos how long a mint takes
     */
    record Stock(
            int ready,
            int due,
            int mints,
            int waiters,
            int newerWaiters,
            int newerMints,
            int usesPerToken,
            double usesPerNano,
            double steadyPerNano,
            long mintNanos) {}

    /** How many mints are wanted beside those in flight. */
    int mintsWanted(Stock stock) {
        long missing = Math.max(
                wanted(stock) - stock.ready - underWay(stock, stock.mints),
                (long) stock.newerWaiters - underWay(stock, stock.newerMints));
        long mints = Math.floorDiv(missing + stock.usesPerToken - 1, stock.usesPerToken);
        return (int) Math.max(0, Math.min(mints, Integer.MAX_VALUE));
    }

    /** Below how many ready uses this policy would want a mint, if nothing else changed. */
    int lowWater(Stock stock) {
        long mark = wanted(stock) - reserve(stock) / BATCHES - underWay(stock, stock.mints);
        return (int) Math.max(0, Math.min(mark, Integer.MAX_VALUE));
    }

    private long wanted(Stock stock) {
        return reserve(stock) + floor + stock.waiters + stock.due;
    }

    /** For what is taken while a mint is under way. Rounded, so that a rate that fades away ends at zero. */
    private static long reserve(Stock stock) {
        double needed = stock.usesPerNano * stock.mintNanos * SAFETY + stock.steadyPerNano * STALL_NANOS;
        boolean isYoung = stock.steadyPerNano < stock.usesPerNano * YOUNG_SHARE;
        double most = stock.steadyPerNano * Demand.MEMORY_NANOS * SHARE_OF_A_BURST;
        return Math.round(isYoung ? Math.min(needed, most) : needed);
    }

    private static long underWay(Stock stock, int mints) {
        return (long) mints * stock.usesPerToken;
    }
}
