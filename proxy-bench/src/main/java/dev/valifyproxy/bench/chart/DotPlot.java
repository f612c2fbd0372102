package dev.valifyproxy.bench.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A dot plot as SVG: a row for each title, a lane in it for each mark, a panel for each axis. Its colours follow the reader's preference
 * for light or dark.
 *
 * @param <T> a result: one dot on each axis
 */
public final class DotPlot<T> {

    private static final int MARGIN = 24;
    private static final int NAMES = 300;
    private static final int PANEL = 320;
    private static final int GAP = 40;
    private static final int HEAD = 148;
    private static final int LEGEND_COLUMNS = 3;
    private static final int LANE = 6;
    private static final int PADDING = 5;

    private static final String LIGHT = """
              text { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
              .title { font-size: 17px; font-weight: 600 }
              .axis { font-weight: 600 }
              .tick { font-size: 11px; fill: #59636e }
              .page { fill: #ffffff }
              .band { fill: #f6f8fa }
              .grid { stroke: #d1d9e0 }
            """;

    private static final String DARK = """
                text { fill: #f0f6fc }
                .tick { fill: #9198a1 }
                .page { fill: #0d1117 }
                .band { fill: #161b22 }
                .grid { stroke: #3d444d }
            """;

    private final StringBuilder svg = new StringBuilder();
    private final Map<String, List<T>> rows = new LinkedHashMap<>();
    private final Function<T, Mark> mark;
    private final List<Mark> marks;
    private final List<Axis<T>> axes;

    /**
     * A plot of these results, in their order.
     *
     * @param row the title of the row that a result belongs to
     * @param mark how it is drawn, and what the legend says
     */
    public DotPlot(List<T> results, Function<T, String> row, Function<T, Mark> mark, List<Axis<T>> axes) {
        for (T result : results) {
            rows.computeIfAbsent(row.apply(result), title -> new ArrayList<>()).add(result);
        }
        this.mark = mark;
        this.marks = results.stream().map(mark).distinct().toList();
        this.axes = List.copyOf(axes);
    }

    /**
     * What stands for one of those that are compared.
     *
     * @param style its class in the style sheet
     * @param label its short name
     * @param description the rest of what the legend says; empty for nothing
     * @param light its rule in the style sheet
     * @param dark another for dark surroundings; empty for the same
     * @param ours drawn larger
     */
    public record Mark(String style, String label, String description, String light, String dark, boolean ours) {

        private String legend() {
            return description.isEmpty() ? label : label + ": " + description;
        }

        private String hint() {
            return description.isEmpty() ? label : description;
        }
    }

    /** Draws it. */
    public String svg(String title) {
        svg.setLength(0);
        return draw(title);
    }

    private String draw(String title) {
        int width = MARGIN + NAMES + axes.size() * (PANEL + GAP);
        int height = HEAD + rows.size() * rowHeight() + MARGIN;
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">%n", width, height);
        add("<title>%s</title>%n", escaped(title));
        style();
        add("<rect class=\"page\" width=\"%d\" height=\"%d\"/>%n", width, height);
        text("title", MARGIN, 32, title);
        legend();
        bands(width);
        for (int panel = 0; panel < axes.size(); panel++) {
            axis(axes.get(panel), panelAt(panel), height - MARGIN);
        }
        int y = HEAD;
        for (Map.Entry<String, List<T>> row : rows.entrySet()) {
            text("", MARGIN, y + rowHeight() / 2 + 4, row.getKey());
            row.getValue().forEach(new Row(y)::dots);
            y += rowHeight();
        }
        return svg.append("</svg>\n").toString();
    }

    private void style() {
        svg.append("<style>\n").append(LIGHT);
        marks.forEach(each -> rule("  ", each.style(), each.light()));
        svg.append("  @media (prefers-color-scheme: dark) {\n").append(DARK);
        marks.stream().filter(each -> !each.dark().isEmpty()).forEach(each -> rule("    ", each.style(), each.dark()));
        svg.append("  }\n</style>\n");
    }

    private void rule(String indent, String style, String rule) {
        add("%s.%s { %s }%n", indent, style, rule);
    }

    private void legend() {
        for (int place = 0; place < marks.size(); place++) {
            Mark each = marks.get(place);
            int x = MARGIN + 6 + place % LEGEND_COLUMNS * NAMES;
            int y = 58 + place / LEGEND_COLUMNS * 22;
            dot(each, x, y, each.hint());
            text("", x + 12, y + 4, each.legend());
        }
    }

    private void bands(int width) {
        for (int row = 0; row < rows.size(); row += 2) {
            add(
                    "<rect class=\"band\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n",
                    HEAD + row * rowHeight(), width, rowHeight());
        }
    }

    private void axis(Axis<T> axis, int x, int bottom) {
        text("axis", x, HEAD - 26, axis.title());
        for (Axis.Tick tick : axis.ticks()) {
            double at = x + tick.position() * PANEL;
            add(
                    "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text class=\"tick\" x=\"%.1f\" y=\"%d\""
                            + " text-anchor=\"middle\">%s</text>%n",
                    at, HEAD, bottom, at, HEAD - 6, tick.text());
        }
    }

    /** The lanes of one row. */
    private final class Row {

        private final int top;

        Row(int top) {
            this.top = top;
        }

        void dots(T result) {
            Mark own = mark.apply(result);
            int y = top + PADDING + LANE * marks.indexOf(own) + LANE / 2;
            for (int panel = 0; panel < axes.size(); panel++) {
                Axis<T> axis = axes.get(panel);
                double x = panelAt(panel) + axis.position(result) * PANEL;
                dot(own, x, y, own.label() + ": " + axis.text(result));
            }
        }
    }

    private void dot(Mark mark, double x, int y, String hint) {
        add(
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"%s\"><title>%s</title></circle>%n",
                mark.style(), x, y, mark.ours() ? "5" : "3.5", escaped(hint));
    }

    private void text(String style, int x, int y, String text) {
        add("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n", style, x, y, escaped(text));
    }

    private int rowHeight() {
        return 2 * PADDING + LANE * marks.size();
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
