package dev.valifyproxy.bench.simulator;

/**
 * What came of one simulation.
 *
 * @param calls that came
 * @param callsInWindow those within the scenario's window
 * @param late calls that did not get their use at once, or got none
 * @param lateInWindow those that came within the window
 * @param waits how long calls waited that came within the window and had to, in nanoseconds, ascending
 * @param refused calls that got no use
 * @param answeredRejected calls that were answered with the upstream's refusal of a token
 * @param mints requests for a token while calls came
 * @param mintsInWindow tokens whose mint was sent in the window or later
 * @param peakMints the most mints that were in flight at once
 * @param expiredUnused uses whose token came to its end before a call took them
 * @param leftOver uses that were there, or under way, when the last call had come: what a restart wastes
 * @param overUses calls sent with a token that was used up
 * @param expiredUses calls sent with a token after its end
 * @param rejections calls, or second tries, whose token the upstream refused
 */
record Run(
        int calls,
        int callsInWindow,
        int late,
        int lateInWindow,
        Times waits,
        int refused,
        int answeredRejected,
        int mints,
        int mintsInWindow,
        int peakMints,
        int expiredUnused,
        int leftOver,
        int overUses,
        int expiredUses,
        int rejections) {

    /** That quantile of the waits, in nanoseconds; 0 if nobody waited. */
    double waitNanos(double quantile) {
        return waits.size() == 0 ? 0 : waits.get((int) Math.ceil(quantile * waits.size()) - 1);
    }

    /** That quantile of all calls of the window, most of which did not wait at all. */
    double waitNanosOfAll(double quantile) {
        int shorter = (int) Math.ceil(quantile * callsInWindow) - 1 - (callsInWindow - waits.size());
        return shorter < 0 ? 0 : waits.get(shorter);
    }
}
