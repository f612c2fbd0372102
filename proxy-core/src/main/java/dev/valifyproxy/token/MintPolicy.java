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
     * @param lasting what lasts of it, bursts left out
     * @param mean over some minutes
     * @param peak uses wanted within one mint, on more than one occasion in these minutes
     */
    record Forecast(double rate, double lasting, double mean, double peak) {

        static final Forecast NONE = new Forecast(0, 0, 0, 0);
    }

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
        long mark = wanted(stock) - (long) (margin(stock) * BATCH) - underWay(stock, stock.mints);
        return (int) Math.max(0, Math.min(mark, Integer.MAX_VALUE));
    }

    private long wanted(Stock stock) {
        Forecast forecast = stock.forecast;
        double rate = stock.waiters > 0 ? forecast.rate * WHILE_CALLS_WAIT : forecast.rate;
        double steady = rate * (stock.mintNanos + STALL_NANOS) + margin(stock);
        double peak = forecast.peak + DEVIATIONS * Math.sqrt(forecast.peak);
        // No part of a use is kept, so that a rate that fades away ends at zero.
        long reserve = (long) Math.max(steady, Math.min(peak, usedUp(forecast.mean, stock)));
        return reserve + floor + stock.waiters + stock.due;
    }

    private static double margin(Stock stock) {
        // Uses come three at a time: what is under way deviates accordingly.
        double deviation = Math.sqrt(stock.forecast.rate * stock.mintNanos * stock.usesPerToken);
        double insurance = stock.forecast.lasting * INSURANCE_NANOS;
        return DEVIATIONS * deviation + Math.min(insurance, usedUp(stock.forecast.lasting, stock));
    }

    private static double usedUp(double rate, Stock stock) {
        return rate * stock.lifeNanos * SHARE_OF_A_LIFE;
    }

    private static long underWay(Stock stock, int mints) {
        return (long) mints * stock.usesPerToken;
    }
}
