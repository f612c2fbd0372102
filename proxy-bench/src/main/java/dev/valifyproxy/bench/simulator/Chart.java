package dev.valifyproxy.bench.simulator;

import dev.valifyproxy.bench.chart.Axis;
import dev.valifyproxy.bench.chart.DotPlot;
import dev.valifyproxy.bench.chart.DotPlot.Mark;
import java.util.List;

/** Reports as a plot: a row for each scenario, a mark for each scheme, in colours that stay apart for colour-blind eyes. */
final class Chart {

    private Chart() {}

    /** The plot of these reports. */
    static String svg(String title, List<Report> reports, List<Axis<Report>> axes) {
        return new DotPlot<>(reports, report -> report.scenario().title(), report -> mark(report.scheme()), axes)
                .svg(title);
    }

    private static Mark mark(SchemeKind scheme) {
        return switch (scheme) {
            case SINGLE -> mark(scheme, "fill: #8c959f", "");
            case FIXED -> mark(scheme, "fill: #d55e00", "fill: #ff9e4f");
            case WATERMARK -> mark(scheme, "fill: #009e73", "fill: #3fcf9e");
            case EWMA -> mark(scheme, "fill: #b5569b", "fill: #e599cf");
            case OURS -> mark(scheme, "fill: #0969da", "fill: #58a6ff");
            case CLAIRVOYANT -> mark(scheme, "fill: none; stroke: #1f2328; stroke-width: 1.5", "stroke: #f0f6fc");
        };
    }

    private static Mark mark(SchemeKind scheme, String light, String dark) {
        return new Mark(scheme.label(), scheme.label(), scheme.description(), light, dark, scheme == SchemeKind.OURS);
    }
}
