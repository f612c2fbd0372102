package dev.valifyproxy.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What every command takes, before its name or behind it. */
final class CommonOptions {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration in HOCON. Environment variables and -Dvalify-proxy.KEY=VALUE win over it.")
    private @Nullable Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // that it exists is all that the library needs
    private boolean help;

    /** The file to read, or null for none. */
    @Nullable
    Path file() {
        return file;
    }
}
