package dev.valifyproxy.bench.simulator;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The numbers of a report, in the order in which they are printed. */
enum Column {
    CALLS("calls", "%.0f", Report::calls),
    WAITED("waited_pct", "%.4f", report -> 100 * report.waitedShare()),
    WAITED_IN_WINDOW("waited_in_window_pct", "%.4f", report -> 100 * report.waitedShareInWindow()),
    WAIT_P50("wait_p50_ms", "%.1f", report -> report.waitMillis(0.5)),
    WAIT_P99("wait_p99_ms", "%.1f", report -> report.waitMillis(0.99)),
    WAIT_MAX("wait_max_ms", "%.1f", Report::longestWaitMillis),
    WAIT_P99_OF_ALL("wait_p99_of_all_calls_ms", "%.1f", report -> report.waitMillisOfAll(0.99)),
    REFUSED("refused_pct", "%.4f", report -> 100 * report.refusedShare()),
    MINTS_PER_CALL("mints_per_call", "%.4f", Report::mintsPerCall),
    MINTS_IN_WINDOW("mints_in_window", "%.1f", Report::mintsInWindow),
    PEAK_MINTS("peak_mints", "%.1f", Report::peakMints),
    EXPIRED_UNUSED("expired_unused_uses", "%.2f", Report::expiredUnused),
    LEFT_OVER("left_over_uses", "%.1f", Report::leftOver),
    REJECTIONS("token_rejections", "%.1f", Report::rejections),
    ANSWERED_REJECTED("answered_403", "%.0f", Report::answeredRejected),
    OVER_USES("over_uses", "%.0f", Report::overUses),
    EXPIRED_USES("uses_after_expiry", "%.0f", Report::expiredUses);

    private final String label;
    private final String format;
    private final ToDoubleFunction<Report> number;

    Column(String label, String format, ToDoubleFunction<Report> number) {
        this.label = label;
        this.format = format;
        this.number = number;
    }

    String label() {
        return label;
    }

    /** This number of the report, as text. */
    String of(Report report) {
        return String.format(Locale.ROOT, format, number.applyAsDouble(report));
    }
}
