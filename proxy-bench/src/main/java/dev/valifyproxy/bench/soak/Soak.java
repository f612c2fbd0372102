package dev.valifyproxy.bench.soak;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the soak. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = "Runs the proxy under random faults and holds what its clients, itself and the upstream counted"
                + " against each other.")
public final class Soak implements Callable<Integer> {

    @Option(names = "--minutes", paramLabel = "N", description = "How long; 10 by default.")
    private double minutes = 10;

    @Option(names = "--connections", paramLabel = "N", description = "How many clients; 200 by default.")
    private int connections = 200;

    @Option(names = "--transport", paramLabel = "NAME", description = "As server.transport has it; auto by default.")
    private String transport = "auto";

    @Option(names = "--faults", paramLabel = "MIX", description = "${COMPLETION-CANDIDATES}; all by default.")
    private FaultMix faults = FaultMix.ALL;

    @Option(names = "--calls", paramLabel = "N", description = "Where to end before the time is over.")
    private int calls = SoakSettings.MAX_CALLS;

    @Option(names = "--seed", paramLabel = "N", description = "Of the work and the faults; one by chance by default.")
    private @Nullable Long seed;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli injects spec before it calls
    private Soak() {}

    /** Runs it and ends the process: 0 if all was well, 1 if not, 2 for a wrong command line. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Soak()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() {
        SoakSettings settings = new SoakSettings(
                Duration.ofMillis(Math.round(minutes * 60_000)), connections, transport, faults, seed(), calls);
        spec.commandLine().getErr().println(String.format(Locale.ROOT, "seed %d", settings.seed()));
        Report report = Soaking.run(settings);
        report.print(spec.commandLine().getOut());
        return report.isGood() ? 0 : 1;
    }

    private long seed() {
        return seed == null ? ThreadLocalRandom.current().nextLong(1_000_000) : seed;
    }
}
