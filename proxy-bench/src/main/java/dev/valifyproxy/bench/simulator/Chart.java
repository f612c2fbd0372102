package dev.valifyproxy.bench.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A dot plot as SVG: a row for each scenario, a lane in it for each scheme, a panel for each axis. Its colours follow the reader's
 * preference for light or dark.
 */
final class Chart {

    private static final int MARGIN = 24;
    private static final int NAMES = 300;
    private static final int PANEL = 320;
    private static final int GAP = 40;
    private static final int HEAD = 148;
    private static final int LEGEND_COLUMNS = 3;
    private static final int LANE = 6;
    private static final int PADDING = 5;

    /** Colours that stay apart for colour-blind eyes, those of light first. */
    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
              .title { font-size: 17px; font-weight: 600 }
              .axis { font-weight: 600 }
              .tick { font-size: 11px; fill: #59636e }
              .page { fill: #ffffff }
              .band { fill: #f6f8fa }
              .grid { stroke: #d1d9e0 }
              .single { fill: #8c959f }
              .fixed { fill: #d55e00 }
              .watermark { fill: #009e73 }
              .ewma { fill: #b5569b }
              .ours { fill: #0969da }
              .clairvoyant { fill: none; stroke: #1f2328; stroke-width: 1.5 }
              @media (prefers-color-scheme: dark) {
                text { fill: #f0f6fc }
                .tick { fill: #9198a1 }
                .page { fill: #0d1117 }
                .band { fill: #161b22 }
                .grid { stroke: #3d444d }
                .fixed { fill: #ff9e4f }
                .watermark { fill: #3fcf9e }
                .ewma { fill: #e599cf }
                .ours { fill: #58a6ff }
                .clairvoyant { stroke: #f0f6fc }
              }
            </style>
            """;

    private final StringBuilder svg = new StringBuilder();
    private final Map<String, List<Report>> rows = new LinkedHashMap<>();
    private final List<SchemeKind> schemes;
    private final List<Axis> axes;

    private Chart(List<Report> reports, List<Axis> axes) {
        for (Report report : reports) {
            rows.computeIfAbsent(report.scenario().title(), title -> new ArrayList<>())
                    .add(report);
        }
        this.schemes = reports.stream().map(Report::scheme).distinct().toList();
        this.axes = axes;
    }

    /** The plot of these reports. */
    static String svg(String title, List<Report> reports, List<Axis> axes) {
        return new Chart(reports, axes).draw(title);
    }

    private String draw(String title) {
        int width = MARGIN + NAMES + axes.size() * (PANEL + GAP);
        int height = HEAD + rows.size() * rowHeight() + MARGIN;
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">%n", width, height);
        add("<title>%s</title>%n", escaped(title));
        svg.append(STYLE);
        add("<rect class=\"page\" width=\"%d\" height=\"%d\"/>%n", width, height);
        text("title", MARGIN, 32, title);
        legend();
        bands(width);
        for (int panel = 0; panel < axes.size(); panel++) {
            axis(axes.get(panel), panelAt(panel), height - MARGIN);
        }
        int y = HEAD;
        for (Map.Entry<String, List<Report>> row : rows.entrySet()) {
            text("", MARGIN, y + rowHeight() / 2 + 4, row.getKey());
            row.getValue().forEach(new Row(y)::dots);
            y += rowHeight();
        }
        return svg.append("</svg>\n").toString();
    }

    private void legend() {
        for (SchemeKind scheme : schemes) {
            int place = schemes.indexOf(scheme);
            int x = MARGIN + 6 + place % LEGEND_COLUMNS * NAMES;
            int y = 58 + place / LEGEND_COLUMNS * 22;
            dot(scheme, x, y, scheme.description());
            text("", x + 12, y + 4, scheme.label() + ": " + scheme.description());
        }
    }

    private void bands(int width) {
        for (int row = 0; row < rows.size(); row += 2) {
            add(
                    "<rect class=\"band\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n",
                    HEAD + row * rowHeight(), width, rowHeight());
        }
    }

    private void axis(Axis axis, int x, int bottom) {
        text("axis", x, HEAD - 26, axis.title());
        for (Axis.Tick tick : axis.ticks()) {
            double at = x + tick.position() * PANEL;
            add(
                    "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text class=\"tick\" x=\"%.1f\" y=\"%d\""
                            + " text-anchor=\"middle\">%s</text>%n",
                    at, HEAD, bottom, at, HEAD - 6, tick.text());
        }
    }

    /** The lanes of one scenario. */
    private final class Row {

        private final int top;

        Row(int top) {
            this.top = top;
        }

        void dots(Report report) {
            int y = top + PADDING + LANE * schemes.indexOf(report.scheme()) + LANE / 2;
            for (int panel = 0; panel < axes.size(); panel++) {
                Axis axis = axes.get(panel);
                double x = panelAt(panel) + axis.position(report) * PANEL;
                dot(report.scheme(), x, y, report.scheme().label() + ": " + axis.text(report));
            }
        }
    }

    private void dot(SchemeKind scheme, double x, int y, String hint) {
        add(
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"%s\"><title>%s</title></circle>%n",
                scheme.label(), x, y, scheme == SchemeKind.OURS ? "5" : "3.5", escaped(hint));
    }

    private void text(String style, int x, int y, String text) {
        add("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n", style, x, y, escaped(text));
    }

    private int rowHeight() {
        return 2 * PADDING + LANE * schemes.size();
    }

    private static int panelAt(int panel) {
        return MARGIN + NAMES + panel * (PANEL + GAP);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
