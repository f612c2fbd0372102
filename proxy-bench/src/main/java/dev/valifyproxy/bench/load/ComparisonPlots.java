package dev.valifyproxy.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valifyproxy.bench.chart.Axis;
import dev.valifyproxy.bench.chart.DotPlot;
import dev.valifyproxy.bench.chart.DotPlot.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line that draws what {@code bench/side-by-side --json} wrote: {@code cost.svg} and {@code latency.svg}. */
@Command(
        name = "plots",
        mixinStandardHelpOptions = true,
        description = "Draws the results that bench/side-by-side wrote as JSON.")
public final class ComparisonPlots implements Callable<Integer> {

    private static final List<Axis<Comparison>> COST = List.of(
            new Axis<>("processor time for a call, µs", Comparison::cpuMicros, 0, 4),
            new Axis<>("times the floor's", Comparison::timesFloor, 0, 1));

    private static final List<Axis<Comparison>> LATENCY =
            List.of(new Axis<>("99 of 100 calls were shorter, µs", Comparison::p99Micros, 1, 6));

    /** Colours that stay apart for colour-blind eyes, as rules for light and for dark: first the peers', then the proxy's. */
    private static final List<List<String>> PEERS = List.of(
            List.of("fill: #8c959f", ""),
            List.of("fill: #d55e00", "fill: #ff9e4f"),
            List.of("fill: #009e73", "fill: #3fcf9e"),
            List.of("fill: #b5569b", "fill: #e599cf"));

    private static final List<List<String>> OURS = List.of(
            List.of("fill: #0969da", "fill: #58a6ff"),
            List.of("fill: none; stroke: #0969da; stroke-width: 2", "stroke: #58a6ff"),
            List.of("fill: #033d8b", "fill: #b6e3ff"),
            List.of("fill: none; stroke: #033d8b; stroke-width: 2", "stroke: #b6e3ff"));

    @Parameters(paramLabel = "FILE", description = "The results.")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the plots go (${DEFAULT-VALUE}).")
    private Path out = Path.of(".");

    @SuppressWarnings("NullAway.Init") // picocli injects file before it calls
    private ComparisonPlots() {}

    /** Draws and ends the process. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ComparisonPlots());
    }

    @Override
    public Integer call() throws IOException {
        List<Comparison> all = Comparison.all(new ObjectMapper().readTree(file.toFile()));
        Files.createDirectories(out);
        Files.writeString(out.resolve("cost.svg"), plot(all, COST).svg("What a call costs"));
        Files.writeString(out.resolve("latency.svg"), plot(all, LATENCY).svg("How long a call takes"));
        return 0;
    }

    private static DotPlot<Comparison> plot(List<Comparison> all, List<Axis<Comparison>> axes) {
        List<String> peers = names(all, false);
        List<String> ours = names(all, true);
        return new DotPlot<>(
                all,
                Comparison::work,
                each -> each.ours()
                        ? mark("ours", ours.indexOf(each.peer()), OURS, each)
                        : mark("peer", peers.indexOf(each.peer()), PEERS, each),
                axes);
    }

    private static List<String> names(List<Comparison> all, boolean ours) {
        return all.stream()
                .filter(each -> each.ours() == ours)
                .map(Comparison::peer)
                .distinct()
                .toList();
    }

    private static Mark mark(String style, int place, List<List<String>> colours, Comparison each) {
        List<String> colour = colours.get(place % colours.size());
        return new Mark(style + place, each.peer(), "", colour.get(0), colour.get(1), each.ours());
    }
}
