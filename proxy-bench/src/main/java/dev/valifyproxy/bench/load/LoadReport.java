package dev.valifyproxy.bench.load;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A run as names and numbers, times in microseconds. Pure. */
final class LoadReport {

    private static final double MICROSECOND_NANOS = 1e3;
    private static final Map<String, Double> PERCENTILES = percentiles();

    private LoadReport() {}

    private static Map<String, Double> percentiles() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("p50", 50.0);
        all.put("p90", 90.0);
        all.put("p99", 99.0);
        all.put("p999", 99.9);
        all.put("max", 100.0);
        return all;
    }

    /**
     * Of this run.
     *
     * @param tokens what the upstream counted during it; null if nobody asked
     */
    static Map<String, Number> of(Outcome outcome, Ledger.@Nullable Counts tokens) {
        Map<String, Number> numbers = new LinkedHashMap<>();
        numbers.put("calls", outcome.fromDue().getTotalCount());
        numbers.put("rate", rounded(outcome.rate()));
        latencies(numbers, "", outcome.fromDue());
        latencies(numbers, "_sent", outcome.fromSent());
        for (Verdict verdict : Verdict.values()) {
            if (outcome.calls(verdict) > 0) {
                numbers.put(verdict.name().toLowerCase(Locale.ROOT), outcome.calls(verdict));
            }
        }
        numbers.put("wrong", outcome.wrong());
        if (tokens != null) {
            numbers.put("minted", tokens.minted());
            numbers.put("accepted", tokens.accepted());
            numbers.put("refused", tokens.refused());
        }
        return numbers;
    }

    private static void latencies(Map<String, Number> numbers, String suffix, Histogram histogram) {
        PERCENTILES.forEach((name, percentile) -> numbers.put(
                name + suffix + "_us", rounded(histogram.getValueAtPercentile(percentile) / MICROSECOND_NANOS)));
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
