package dev.valifyproxy.server;

import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.oauth.MintLoop;
import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.server.settings.ConfigLoader;
import dev.valifyproxy.server.settings.Logging;
import dev.valifyproxy.server.settings.ServerConfig;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.TokenSource;
import dev.valifyproxy.worker.Transport;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tries the configuration and the credentials of each profile, once. */
@Command(
        name = "check",
        description =
                "Check the configuration, then ask for one token of each profile to see whether its credentials work.")
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
        List<ProfileConfig> profiles = settings.proxy().profiles();
        EventLoopGroup loop = MintLoop.create(Transport.NIO);
        ExitCode code = ExitCode.OK;
        try {
            for (ProfileConfig profile : profiles) {
                MintOutcome outcome = mint(profile.oauth(), loop);
                String whose = profiles.size() == 1 ? "" : profile.name() + ": ";
                if (!report(outcome, profile.oauth(), whose)) {
                    code = ExitCode.FAILURE;
                }
            }
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        return code.code();
    }

    private MintOutcome mint(OAuthSettings oauth, EventLoopGroup loop) throws Exception {
        TokenSource source = tokenSource.apply(oauth, loop);
        try {
            long seconds = oauth.mintTimeout().toSeconds() + GRACE_SECONDS;
            return source.mint().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } finally {
            if (source instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    /** Tells the outcome in a line; whether it was a token. */
    private boolean report(MintOutcome outcome, OAuthSettings oauth, String whose) {
        if (outcome instanceof MintOutcome.Failed failed) {
            String what = failed.kind() == MintOutcome.Kind.CREDENTIALS_REFUSED
                    ? "The credentials do not work: "
                    : "No token from " + oauth.shownTokenUrl() + ": ";
            spec.commandLine().getErr().println(whose + what + failed.reason());
            return false;
        }
        long seconds = ((MintOutcome.Minted) outcome).lifetime().toSeconds();
        spec.commandLine()
                .getOut()
                .println(whose + "The credentials work: " + oauth.shownTokenUrl() + " gave a token that lives "
                        + seconds + " s.");
        return true;
    }
}
