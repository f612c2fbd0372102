package dev.valifyproxy.server;

import dev.valifyproxy.server.settings.ConfigLoader;
import dev.valifyproxy.server.settings.Logging;
import dev.valifyproxy.server.settings.ServerConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Serves. */
@Command(name = "run", description = "Serve until told to stop by SIGTERM or SIGINT. The default.")
final class RunCommand implements Callable<Integer> {

    private final CommonOptions options;
    private final ConfigLoader loader;
    private final Serving serving;

    RunCommand(CommonOptions options, ConfigLoader loader, Serving serving) {
        this.options = options;
        this.loader = loader;
        this.serving = serving;
    }

    @Override
    public Integer call() {
        ServerConfig settings = load();
        Logging.apply(settings.log());
        return serving.serve(settings, this::load, (proxy, adminPort) -> true).code();
    }

    private ServerConfig load() {
        return loader.load(options.file());
    }
}
