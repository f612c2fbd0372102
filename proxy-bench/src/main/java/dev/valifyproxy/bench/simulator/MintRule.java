package dev.valifyproxy.bench.simulator;

/** How a {@link StockedScheme} decides on mints. One instance serves one world, and may remember what it saw. */
@FunctionalInterface
interface MintRule {

    /** How many mints to start now; asked after each change. */
    int mintsToStart(Stock stock);

    /**
     * What there is.
     *
     * @param now in nanoseconds
     * @param uses uses ready
     * @param mints mints in flight
     * @param waiting calls in line
     * @param calls that have come so far
     * @param mintNanos how long mints take, on the average of late
     */
    record Stock(long now, int uses, int mints, int waiting, long calls, double mintNanos) {}

    /** So many tokens that their uses are at least as many. */
    static int tokensFor(long uses, int maxUses) {
        return (int) Math.max(0, (uses + maxUses - 1) / maxUses);
    }
}
