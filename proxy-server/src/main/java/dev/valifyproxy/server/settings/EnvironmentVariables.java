package dev.valifyproxy.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.valifyproxy.config.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment variables that set a key each. An empty one counts as unset. */
final class EnvironmentVariables {

    private static final List<Variable> ALL = List.of(
            new Variable("VALIFY_BASE_URL", "upstream.base-url", false),
            new Variable("VALIFY_TOKEN_URL", "token.url", false),
            new Variable("VALIFY_USERNAME", "token.username", true),
            new Variable("VALIFY_PASSWORD", "token.password", true),
            new Variable("VALIFY_CLIENT_ID", "token.client-id", true),
            new Variable("VALIFY_CLIENT_SECRET", "token.client-secret", true),
            new Variable("PROXY_BIND", "server.bind", false),
            new Variable("PROXY_PORT", "server.port", false),
            new Variable("PROXY_ADMIN_PORT", "admin.port", false));

    /**
     * One row of the table.
     *
     * @param name of the variable
     * @param key that it sets, below the root
     * @param orFile whether the same name with {@code _FILE} may name a file that holds the value
     */
    private record Variable(String name, String key, boolean orFile) {}

    private final Map<String, String> environment;
    private final Problems problems;
    private final List<Path> secretFiles;

    private EnvironmentVariables(Map<String, String> environment, Problems problems, List<Path> secretFiles) {
        this.environment = environment;
        this.problems = problems;
        this.secretFiles = secretFiles;
    }

    /**
     * The keys that this environment sets; what cannot be read is reported.
     *
     * @param secretFiles the files that hold credentials are added here
     */
    static Config read(Map<String, String> environment, Problems problems, List<Path> secretFiles) {
        EnvironmentVariables variables = new EnvironmentVariables(environment, problems, secretFiles);
        Config layer = ConfigFactory.empty();
        for (Variable variable : ALL) {
            layer = variables.addTo(layer, variable);
        }
        return layer;
    }

    private Config addTo(Config layer, Variable variable) {
        String path = ConfigLoader.ROOT + "." + variable.key();
        String fileName = variable.name() + "_FILE";
        String value = environment.getOrDefault(variable.name(), "");
        String file = variable.orFile() ? environment.getOrDefault(fileName, "") : "";
        if (!value.isEmpty() && !file.isEmpty()) {
            problems.add(
                    path, path + ": " + variable.name() + " and " + fileName + " are both set: must be one of them");
            return layer;
        }
        if (!value.isEmpty()) {
            return with(layer, path, value, "environment variable " + variable.name());
        }
        String content = file.isEmpty() ? null : contentOf(file, fileName, path);
        return content == null ? layer : with(layer, path, content, fileName + ", the file " + file);
    }

    private @Nullable String contentOf(String file, String variable, String path) {
        try {
            String content = SecretFile.read(file);
            secretFiles.add(Path.of(file));
            return content;
        } catch (UnreadableFileException e) {
            problems.add(path, path + " (environment variable " + variable + "): " + e.getMessage());
            return null;
        }
    }

    private static Config with(Config layer, String path, String value, String origin) {
        return layer.withValue(path, ConfigValueFactory.fromAnyRef(value, origin));
    }
}
