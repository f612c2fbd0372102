package dev.valifyproxy.bench.load;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link StrictUpstream}: serves until it is stopped. */
@Command(
        name = "upstream",
        mixinStandardHelpOptions = true,
        description = "A fast upstream on loopback that counts the uses of each token.")
public final class UpstreamCommand implements Callable<Integer> {

    @Option(names = "--port", paramLabel = "N", description = "Where it listens (${DEFAULT-VALUE}).")
    private int port = 28080;

    @Option(names = "--uses", paramLabel = "N", description = "Calls that a token serves (${DEFAULT-VALUE}).")
    private int uses = 3;

    @Option(names = "--mint-delay", paramLabel = "MS", description = "Before a token is answered (${DEFAULT-VALUE}).")
    private long mintDelayMillis = 0;

    @Option(names = "--call-delay", paramLabel = "MS", description = "Before a call is answered (${DEFAULT-VALUE}).")
    private long callDelayMillis = 0;

    private UpstreamCommand() {}

    /** Serves until the process is stopped. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new UpstreamCommand()).execute(args));
    }

    @Override
    public @Nullable Integer call() throws InterruptedException {
        StrictUpstream.Settings settings = new StrictUpstream.Settings(
                port,
                uses,
                Duration.ofMinutes(10),
                Duration.ofMillis(mintDelayMillis),
                Duration.ofMillis(callDelayMillis));
        try (StrictUpstream upstream = new StrictUpstream(settings)) {
            System.err.println("listening on " + upstream.uri());
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
