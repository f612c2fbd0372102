package dev.valifyproxy.server;

import static java.util.stream.Collectors.joining;

import dev.valifyproxy.Version;
import dev.valifyproxy.worker.Transport;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what this is, and what it runs on. */
@Command(name = "version", description = "Print the version, the Java it runs on and the transports that work here.")
final class VersionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli injects spec before it calls
    VersionCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("valify-proxy " + Version.current());
        out.println("Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch"));
        out.println("transports: "
                + Arrays.stream(Transport.values())
                        .filter(Transport::isAvailable)
                        .map(Transport::label)
                        .collect(joining(", ")));
        return ExitCode.OK.code();
    }
}
