package dev.valifyproxy.server;

import dev.valifyproxy.config.InvalidConfigException;
import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.oauth.OAuthTokenSource;
import dev.valifyproxy.server.settings.ConfigLoader;
import dev.valifyproxy.token.TokenSource;
import io.netty.channel.EventLoopGroup;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: hands over to a command, and turns what comes back into an exit code. */
@Command(
        name = "valify-proxy",
        description = "Puts a valid token on every call to the Valify eKYC API. Without a command: run.",
        synopsisSubcommandLabel = "[run|check|sandbox|version]",
        footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong command line or configuration."})
public final class Main implements Callable<Integer> {

    private final RunCommand run;

    private Main(RunCommand run) {
        this.run = run;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine(System.getenv(), System.getProperties(), Lifecycle::run, OAuthTokenSource::new)
                .execute(args));
    }

    /**
     * The command line within these surroundings.
     *
     * @param serving what run and sandbox do once they are configured
     * @param tokenSource makes the source of tokens that a configuration describes
     */
    static CommandLine commandLine(
            Map<String, String> environment,
            Properties systemProperties,
            Serving serving,
            BiFunction<OAuthSettings, EventLoopGroup, TokenSource> tokenSource) {
        CommonOptions options = new CommonOptions();
        ConfigLoader loader = new ConfigLoader(environment, systemProperties);
        RunCommand run = new RunCommand(options, loader, serving);
        return new CommandLine(new Main(run))
                .addMixin("options", options)
                .addSubcommand(run)
                .addSubcommand(new CheckCommand(options, loader, tokenSource))
                .addSubcommand(new SandboxCommand(options, environment, systemProperties, serving))
                .addSubcommand(new VersionCommand())
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command.getErr()));
    }

    @Override
    public Integer call() {
        return run.call();
    }

    private static int misused(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE.code();
    }

    private static int failed(Exception e, PrintWriter err) {
        if (e instanceof InvalidConfigException invalid) {
            invalid.problems().forEach(err::println);
            return ExitCode.USAGE.code();
        }
        Throwable told = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        err.println(told.getMessage() == null ? told.toString() : told.getMessage());
        LoggerFactory.getLogger(Main.class).debug("the command failed", e);
        return ExitCode.FAILURE.code();
    }
}
