package dev.valifyproxy.bench.simulator;

import static java.util.stream.Collectors.joining;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Reports as text. */
final class Table {

    private Table() {}

    /** One line for each report, values apart by commas. */
    static String csv(List<Report> reports) {
        return rows(reports).map(row -> String.join(",", row) + "\n").collect(joining());
    }

    /** A table for the eye: one line for each report, numbers flush right. */
    static void print(List<Report> reports, PrintWriter out) {
        List<List<String>> rows = rows(reports).toList();
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            Arrays.setAll(
                    widths, column -> Math.max(widths[column], row.get(column).length()));
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String padding = " ".repeat(widths[column] - row.get(column).length());
                boolean isName = column < 2;
                line.append(isName ? "" : padding)
                        .append(row.get(column))
                        .append(isName ? padding : "")
                        .append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }

    private static Stream<List<String>> rows(List<Report> reports) {
        List<String> head = Stream.concat(
                        Stream.of("scenario", "scheme"),
                        Arrays.stream(Column.values()).map(Column::label))
                .toList();
        return Stream.concat(Stream.of(head), reports.stream().map(Table::row));
    }

    private static List<String> row(Report report) {
        return Stream.concat(
                        Stream.of(report.scenario().name(), report.scheme().label()),
                        Arrays.stream(Column.values()).map(column -> column.of(report)))
                .toList();
    }
}
