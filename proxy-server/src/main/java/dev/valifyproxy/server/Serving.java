package dev.valifyproxy.server;

import dev.valifyproxy.server.settings.ServerConfig;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a command does once it is configured. */
@FunctionalInterface
interface Serving {

    /**
     * Serves until the program is told to stop.
     *
     * @param config as it was read
     * @param again reads it anew from where it came from, files and all
     * @param listening is told the proxy's URL once it listens
     * @return a failure if it cannot listen; else it does not return before the end
     */
    ExitCode serve(ServerConfig config, Supplier<ServerConfig> again, Consumer<URI> listening);
}
