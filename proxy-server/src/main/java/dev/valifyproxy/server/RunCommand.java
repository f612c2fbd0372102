package dev.valifyproxy.server;

import dev.valifyproxy.server.settings.ConfigLoader;
import dev.valifyproxy.server.settings.Logging;
import dev.valifyproxy.server.settings.ServerConfig;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import picocli.CommandLine.Command;

/** Serves. */
@Command(name = "run", description = "Serve until told to stop by SIGTERM or SIGINT. The default.")
final class RunCommand implements Callable<Integer> {

    private final CommonOptions options;
    private final ConfigLoader loader;
    private final BiFunction<ServerConfig, Consumer<URI>, ExitCode> serving;

    RunCommand(CommonOptions options, ConfigLoader loader, BiFunction<ServerConfig, Consumer<URI>, ExitCode> serving) {
        this.options = options;
        this.loader = loader;
        this.serving = serving;
    }

    @Override
    public Integer call() {
        ServerConfig settings = loader.load(options.file());
        Logging.apply(settings.log());
        return serving.apply(settings, listening -> {}).code();
    }
}
