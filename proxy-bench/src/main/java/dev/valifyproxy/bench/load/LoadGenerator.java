package dev.valifyproxy.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the open-loop load generator. Ends with 0, with 1 if any answer was wrong, with 2 for a wrong command line. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Calls at a fixed rate, whatever the answers do, and verifies each of them. Latencies count from"
                + " when a call was due, so waiting behind a slow one is part of them.")
public final class LoadGenerator implements Callable<Integer> {

    @Parameters(paramLabel = "URL", description = "What is called, over http.")
    private URI url;

    @Option(names = "--rate", paramLabel = "N", description = "Calls per second (${DEFAULT-VALUE}).")
    private double rate = 1_000;

    @Option(names = "--seconds", paramLabel = "S", description = "How long it is measured (${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(names = "--warm-up", paramLabel = "S", description = "How long it runs before (${DEFAULT-VALUE}).")
    private int warmUp = 2;

    @Option(names = "--connections", paramLabel = "N", description = "Kept open (${DEFAULT-VALUE}).")
    private int connections = 64;

    @Option(names = "--body", paramLabel = "BYTES", description = "Sent with each call; 0 for GET (${DEFAULT-VALUE}).")
    private int body = 0;

    @Option(names = "--answer", paramLabel = "BYTES", description = "An answer's length (${DEFAULT-VALUE}).")
    private int answer = StrictUpstream.ANSWER_BYTES;

    @Option(names = "--ledger", paramLabel = "URL", description = "The upstream, whose counts of tokens must fit.")
    private @Nullable URI ledger;

    @Option(names = "--patience", paramLabel = "S", description = "For answers still due (${DEFAULT-VALUE}).")
    private int patience = 10;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli injects url and spec before it calls
    private LoadGenerator() {}

    /** Runs it and ends the process. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new LoadGenerator());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        LedgerClient client = ledger == null ? null : new LedgerClient(ledger);
        Ledger.Counts before = client == null ? null : client.read();
        Outcome outcome = new OpenLoop(new Target(url, body, answer), plan()).run();
        Ledger.Counts counted =
                client == null || before == null ? null : client.read().since(before);
        Map<String, Number> report = LoadReport.of(outcome, counted);
        spec.commandLine().getOut().println(new ObjectMapper().writeValueAsString(report));
        return verdict(outcome, counted);
    }

    private OpenLoop.Plan plan() {
        Schedule schedule = Schedule.atRate(rate, Duration.ofSeconds((long) warmUp + seconds));
        long warmUpCalls = Math.min(schedule.calls() - 1, Math.round(rate * warmUp));
        return new OpenLoop.Plan(schedule, connections, warmUpCalls, Duration.ofSeconds(patience));
    }

    private void checkOptions() {
        if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 0) {
            throw new ParameterException(spec.commandLine(), "URL must be http://host:port/path: " + url);
        }
        if (!(rate > 0) || seconds < 1 || warmUp < 0 || connections < 1 || body < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--rate, --seconds and --connections must be above 0, the others not below");
        }
    }

    private int verdict(Outcome outcome, Ledger.@Nullable Counts counted) {
        PrintWriter err = spec.commandLine().getErr();
        String problem = counted == null ? null : Tokens.problem(counted, outcome);
        if (problem != null) {
            err.println(problem);
        }
        if (outcome.wrong() > 0) {
            err.println(outcome.wrong() + " answers were wrong");
        }
        return problem == null && outcome.wrong() == 0 ? 0 : 1;
    }
}
