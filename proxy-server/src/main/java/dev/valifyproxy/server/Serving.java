package dev.valifyproxy.server;

import dev.valifyproxy.server.settings.ServerConfig;
import java.net.URI;
import java.util.function.Supplier;

/** What a command does once it is configured. */
@FunctionalInterface
interface Serving {

    /**
     * Serves until the program is told to stop, or its guest does not want more.
     *
     * @param config as it was read
     * @param again reads it anew from where it came from, files and all
     * @param guest is told once it listens
     * @return a failure if it cannot listen; else it does not return before the end
     */
    ExitCode serve(ServerConfig config, Supplier<ServerConfig> again, Guest guest);

    /** Who waits for the proxy to listen. */
    @FunctionalInterface
    interface Guest {

        /**
         * Is told where; may make calls before it returns.
         *
         * @return whether to serve on
         */
        boolean welcome(URI proxy, int adminPort);
    }
}
