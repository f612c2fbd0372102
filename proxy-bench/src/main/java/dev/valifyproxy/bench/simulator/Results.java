package dev.valifyproxy.bench.simulator;

import dev.valifyproxy.bench.chart.Axis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files that a run of the simulator leaves behind. */
final class Results {

    private static final List<Axis<Report>> WAITS = List.of(
            new Axis<>("calls that waited, %", report -> 100 * report.waitedShareInWindow(), -3, 2),
            new Axis<>("99 of 100 waits were shorter, ms", report -> report.waitMillis(0.99), 0, 4));

    private static final List<Axis<Report>> WASTE = List.of(
            new Axis<>("uses that expired, per 100 calls", report -> 100 * report.expiredUnusedShare(), -3, 3),
            new Axis<>("uses lost by a restart at the end", Report::leftOver, 0, 4));

    private Results() {}

    /** Writes them into this directory, which is made if it is not there. */
    static void write(List<Report> reports, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("results.csv"), Table.csv(reports));
        Files.writeString(
                directory.resolve("waits.svg"), Chart.svg("How many calls wait, and how long", reports, WAITS));
        Files.writeString(directory.resolve("waste.svg"), Chart.svg("What is minted for nothing", reports, WASTE));
    }
}
