package dev.valifyproxy.bench.simulator;

import com.typesafe.config.ConfigException;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the simulator. */
@Command(
        name = "simulator",
        mixinStandardHelpOptions = true,
        description =
                "Tries schemes of keeping tokens ready in virtual time; without options all of them in all scenarios.")
public final class Simulator implements Callable<Integer> {

    @Option(names = "--trace", split = ",", paramLabel = "NAME", description = "Only these scenarios.")
    private List<String> traces = List.of();

    @Option(names = "--scheme", split = ",", paramLabel = "NAME", description = "Only these: ${COMPLETION-CANDIDATES}.")
    private List<SchemeKind> schemes = List.of(SchemeKind.values());

    @Option(names = "--seeds", paramLabel = "N", description = "How many seeds to take the mean over.")
    private @Nullable Integer seeds;

    @Option(names = "-c", paramLabel = "FILE", description = "Settings that go before those of simulator.conf.")
    private @Nullable File file;

    @Option(names = "--out", paramLabel = "DIR", description = "Write results.csv and the plots there.")
    private @Nullable Path out;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli injects spec before it calls
    private Simulator() {}

    /** Runs it and ends the process: 0, or 2 for a wrong command line or settings. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Simulator()).registerConverter(SchemeKind.class, SchemeKind::of);
    }

    @Override
    public Integer call() throws IOException {
        List<Report> reports = run(settings());
        Table.print(reports, spec.commandLine().getOut());
        if (out != null) {
            Results.write(reports, out);
        }
        return 0;
    }

    private List<Report> run(Settings settings) {
        PrintWriter progress = spec.commandLine().getErr();
        try {
            List<Scenario> chosen = traces.isEmpty()
                    ? settings.scenarios()
                    : traces.stream().map(settings::scenario).toList();
            return chosen.stream()
                    .peek(scenario -> progress.println(scenario.name()))
                    .flatMap(scenario -> schemes.stream().map(scheme -> report(settings, scenario, scheme)))
                    .toList();
        } catch (NoSuchElementException unknown) {
            throw new ParameterException(spec.commandLine(), String.valueOf(unknown.getMessage()), unknown);
        }
    }

    private Settings settings() {
        try {
            Settings loaded = Settings.load(file);
            return seeds == null ? loaded : loaded.withSeeds(seeds);
        } catch (ConfigException | IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /** One scheme in one scenario, with every seed; the seeds share the processors. */
    static Report report(Settings settings, Scenario scenario, SchemeKind scheme) {
        List<Run> runs = LongStream.range(settings.seed(), settings.seed() + settings.seeds())
                .parallel()
                .mapToObj(seed -> Simulation.run(scenario, world -> scheme.create(settings.schemes(), world), seed))
                .toList();
        return new Report(scenario, scheme, runs);
    }
}
