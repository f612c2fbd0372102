package dev.valifyproxy.server;

import dev.valifyproxy.oauth.MintLoop;
import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.server.settings.ConfigLoader;
import dev.valifyproxy.server.settings.Logging;
import dev.valifyproxy.server.settings.ServerConfig;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.TokenSource;
import dev.valifyproxy.worker.Transport;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tries the configuration and the credentials, once. */
@Command(
        name = "check",
        description = "Check the configuration, then ask for one token to see whether the credentials work.")
final class CheckCommand implements Callable<Integer> {

    /** Beyond the source's own limit, lest a source that forgets its promise hangs the command. */
    private static final long GRACE_SECONDS = 5;

    @Spec
    private CommandSpec spec;

    private final CommonOptions options;
    private final ConfigLoader loader;
    private final BiFunction<OAuthSettings, EventLoopGroup, TokenSource> tokenSource;

    @SuppressWarnings("NullAway.Init") // picocli injects spec before it calls
    CheckCommand(
            CommonOptions options,
            ConfigLoader loader,
            BiFunction<OAuthSettings, EventLoopGroup, TokenSource> tokenSource) {
        this.options = options;
        this.loader = loader;
        this.tokenSource = tokenSource;
    }

    @Override
    public Integer call() throws Exception {
        ServerConfig settings = loader.load(options.file());
        Logging.apply(settings.log());
        OAuthSettings oauth = settings.proxy().oauth();
        EventLoopGroup loop = MintLoop.create(Transport.NIO);
        TokenSource source = tokenSource.apply(oauth, loop);
        try {
            long seconds = oauth.mintTimeout().toSeconds() + GRACE_SECONDS;
            return report(source.mint().toCompletableFuture().get(seconds, TimeUnit.SECONDS), oauth)
                    .code();
        } finally {
            if (source instanceof AutoCloseable closeable) {
                closeable.close();
            }
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private ExitCode report(MintOutcome outcome, OAuthSettings oauth) {
        if (outcome instanceof MintOutcome.Failed failed) {
            String what = failed.kind() == MintOutcome.Kind.CREDENTIALS_REFUSED
                    ? "The credentials do not work: "
                    : "No token from " + oauth.shownTokenUrl() + ": ";
            spec.commandLine().getErr().println(what + failed.reason());
            return ExitCode.FAILURE;
        }
        long seconds = ((MintOutcome.Minted) outcome).lifetime().toSeconds();
        spec.commandLine()
                .getOut()
                .println("The credentials work: " + oauth.shownTokenUrl() + " gave a token that lives " + seconds
                        + " s.");
        return ExitCode.OK;
    }
}
