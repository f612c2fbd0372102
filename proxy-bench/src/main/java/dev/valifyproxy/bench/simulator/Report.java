package dev.valifyproxy.bench.simulator;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one scheme did in one scenario, as means over all seeds; the counters of what must never happen are sums, the longest wait is the
 * longest of all.
 *
 * @param scenario where
 * @param scheme who
 * @param runs one for each seed
 */
record Report(Scenario scenario, SchemeKind scheme, List<Run> runs) {

    private static final double MILLISECOND = 1e6;

    double calls() {
        return mean(Run::calls);
    }

    /** The share of all calls that waited, or got no use. */
    double waitedShare() {
        return share(Run::late, Run::calls);
    }

    /** The share of the calls within the scenario's window that waited, or got no use. */
    double waitedShareInWindow() {
        return share(Run::lateInWindow, Run::callsInWindow);
    }

    /** A quantile of the waits, in milliseconds: the mean of the seeds in which any call waited, or 0 if none did. */
    double waitMillis(double quantile) {
        return runs.stream()
                .filter(run -> run.waits().size() > 0)
                .mapToDouble(run -> run.waitNanos(quantile) / MILLISECOND)
                .average()
                .orElse(0);
    }

    /** The longest wait in the window, in milliseconds. */
    double longestWaitMillis() {
        return runs.stream()
                .mapToDouble(run -> run.waitNanos(1) / MILLISECOND)
                .max()
                .orElse(0);
    }

    /** A quantile over all calls in the window, in milliseconds; 0 if fewer than the rest waited. */
    double waitMillisOfAll(double quantile) {
        return mean(run -> run.waitNanosOfAll(quantile)) / MILLISECOND;
    }

    double mintsPerCall() {
        return share(Run::mints, Run::calls);
    }

    double mintsInWindow() {
        return mean(Run::mintsInWindow);
    }

    double peakMints() {
        return mean(Run::peakMints);
    }

    double expiredUnused() {
        return mean(Run::expiredUnused);
    }

    /** Uses that came to their end unused, for each call. */
    double expiredUnusedShare() {
        return share(Run::expiredUnused, Run::calls);
    }

    double leftOver() {
        return mean(Run::leftOver);
    }

    double refusedShare() {
        return share(Run::refused, Run::calls);
    }

    /** All of them, not a mean: one would be too many. */
    long answeredRejected() {
        return sum(Run::answeredRejected);
    }

    long overUses() {
        return sum(Run::overUses);
    }

    long expiredUses() {
        return sum(Run::expiredUses);
    }

    double rejections() {
        return mean(Run::rejections);
    }

    private double mean(ToDoubleFunction<Run> number) {
        return runs.stream().mapToDouble(number).average().orElse(0);
    }

    private double share(ToDoubleFunction<Run> part, ToDoubleFunction<Run> whole) {
        double all = mean(whole);
        return all == 0 ? 0 : mean(part) / all;
    }

    private long sum(ToDoubleFunction<Run> number) {
        return (long) runs.stream().mapToDouble(number).sum();
    }
}
