package dev.valifyproxy.token;

import java.time.Duration;

/**
 * How many mints are wanted: so many that the uses there are, and those under way, suffice for what calls will want until a mint
 * started now would be there. Pure. The constants come from the simulator; see {@code docs/token-pool.md}.
 *
 * @param floor uses kept ready while idle
 */
record MintPolicy(int floor) {

    /** How late the mint thread may be: a collector's pause, a busy processor. It comes on top of what a mint takes. */
    private static final double STALL_NANOS = Duration.ofMillis(20).toNanos();

    /** So many standard deviations of what a Poisson load takes while a mint is under way are kept beyond its mean. */
    private static final double DEVIATIONS = 4;

    /** So long the lasting load could go on with what is kept beyond that, for what nobody foresees. */
    private static final double INSURANCE_NANOS = Duration.ofSeconds(30).toNanos();

    /** What is kept for rare needs is no more than is used up anyway within this part of a token's life. */
    private static final double SHARE_OF_A_LIFE = 0.125;

    /** A load that has lasted for a second and a half shows as this share of its rate in the average over ten seconds. */
    private static final double YOUNG_SHARE = 0.15;

    /** A younger load may be a burst, for which no more is kept than this, or this share of what it has taken so far. */
    private static final double MOST_FOR_A_BURST = 30;

    private static final double SHARE_OF_A_BURST = 0.04;

    /** Clients that wait for an answer before they call again come no faster than they are served: while calls wait, more is wanted. */
    private static final double WHILE_CALLS_WAIT = 1.5;

    /** Mints under load are started in batches of this share of the margin, so that the mint thread wakes once for many. */
    private static final double BATCH = 0.25;

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
     * @param mintNanos how long a mint takes
     * @param lifeNanos how long a token may be used
     * @param forecast what calls will want
     */
    record Stock(
            int ready,
            int due,
            int mints,
            int waiters,
            int newerWaiters,
            int newerMints,
            int usesPerToken,
            long mintNanos,
            long lifeNanos,
            Forecast forecast) {}

    /**
     * What calls want, as far as it is known; rates are per nanosecond.
     *
     * @param rate now
     * @param average over the last ten seconds
     * @param lasting what lasts of it, bursts left out
     * @param mean over some minutes
     * @param peak uses wanted within one mint, on more than one occasion in these minutes
     */
    record Forecast(double rate, double average, double lasting, double mean, double peak) {

        static final Forecast NONE = new Forecast(0, 0, 0, 0, 0);
    }

    /** How many mints are wanted beside those in flight. */
    int mintsWanted(Stock stock) {
        int forAll = mints(wanted(stock) - stock.ready - underWay(stock, stock.mints), stock);
        return Math.max(forAll, mintsForNewer(stock));
    }

    /** Those of them that calls want whose token was refused. */
    int mintsForNewer(Stock stock) {
        return mints(stock.newerWaiters - underWay(stock, stock.newerMints), stock);
    }

    private static int mints(long uses, Stock stock) {
        long mints = Math.floorDiv(uses + stock.usesPerToken - 1, stock.usesPerToken);
        return (int) Math.max(0, Math.min(mints, Integer.MAX_VALUE));
    }

    /** Below how many ready uses this policy would want a mint, if nothing else changed. */
    int lowWater(Stock stock) {
        double margin = deviations(stock) + insurance(stock);
        long mark = wanted(stock) - (long) (margin * BATCH) - underWay(stock, stock.mints);
        return (int) Math.max(0, Math.min(mark, Integer.MAX_VALUE));
    }

    /** How many uses there should be, those under way included. */
    long wanted(Stock stock) {
        double steady = forRate(stock) + insurance(stock);
        // No part of a use is kept, so that a rate that fades away ends at zero.
        long reserve = (long) Math.max(steady, forPeak(stock));
        return reserve + floor + stock.waiters + stock.due;
    }

    /** For what is taken while a mint is under way. */
    private static double forRate(Stock stock) {
        Forecast forecast = stock.forecast;
        double rate = stock.waiters > 0 ? forecast.rate * WHILE_CALLS_WAIT : forecast.rate;
        double needed = rate * (stock.mintNanos + STALL_NANOS) + deviations(stock);
        boolean isYoung = forecast.average < forecast.rate * YOUNG_SHARE;
        double taken = forecast.average * Demand.MEMORY_NANOS;
        return isYoung ? Math.min(needed, Math.max(MOST_FOR_A_BURST, taken * SHARE_OF_A_BURST)) : needed;
    }

    /** Uses come so many at a time, and what is under way deviates accordingly. */
    private static double deviations(Stock stock) {
        return DEVIATIONS * Math.sqrt(stock.forecast.rate * stock.mintNanos * stock.usesPerToken);
    }

    private static double insurance(Stock stock) {
        return Math.min(stock.forecast.lasting * INSURANCE_NANOS, usedUp(stock.forecast.lasting, stock));
    }

    private static double forPeak(Stock stock) {
        double peak = stock.forecast.peak;
        return Math.min(peak + DEVIATIONS * Math.sqrt(peak), usedUp(stock.forecast.mean, stock));
    }

    private static double usedUp(double rate, Stock stock) {
        return rate * stock.lifeNanos * SHARE_OF_A_LIFE;
    }

    private static long underWay(Stock stock, int mints) {
        return (long) mints * stock.usesPerToken;
    }
}
