package dev.valifyproxy.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.valifyproxy.config.InvalidConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file that {@code -c} names, HOCON. A file that cannot be read or parsed ends the reading at once, with one sentence:
 * what it would have set is unknown. No text of the file is in it, for that may be a credential that lacks its quotes.
 */
final class ConfigFile {

    private static final Pattern LINE = Pattern.compile("^.*: [0-9]+(?=: )");
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{[^}]*}");

    private final Path file;
    private final Map<String, String> environment;

    ConfigFile(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /** What it sets, with {@code ${…}} resolved from itself and the environment. */
    Config read() {
        checkReadable();
        try {
            Config parsed = ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
            checkRoots(parsed);
            Config variables =
                    ConfigValueFactory.fromMap(environment, "environment").toConfig();
            return parsed.resolveWith(parsed.withFallback(variables), ConfigResolveOptions.noSystem());
        } catch (ConfigException e) {
            throw invalid(sentence(e));
        }
    }

    /** Opening it tells more, and in fewer words, than the library does. */
    private void checkReadable() {
        try (InputStream in = Files.newInputStream(file)) {
            in.read();
        } catch (IOException e) {
            throw invalid("cannot read " + file + ": " + TextFile.reason(e));
        }
    }

    /** A setting outside the root would be ignored without a word. */
    private static void checkRoots(Config parsed) {
        List<String> problems = parsed.root().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(ConfigLoader.ROOT))
                .map(entry -> outside(entry.getKey(), entry.getValue().origin()))
                .sorted()
                .toList();
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static String outside(String key, ConfigOrigin origin) {
        return key + " (" + origin.description() + "): unknown key; everything stands under " + ConfigLoader.ROOT
                + " { ... }";
    }

    private String sentence(ConfigException e) {
        String message = String.valueOf(e.getMessage());
        Matcher line = LINE.matcher(message);
        String place = line.find() ? line.group() : file.toString();
        if (e instanceof ConfigException.UnresolvedSubstitution) {
            Matcher substitution = SUBSTITUTION.matcher(message);
            return place + ": " + (substitution.find() ? substitution.group() : "a substitution")
                    + " is neither a key of the file nor an environment variable";
        }
        return place + ": not valid HOCON here or just before; a value with # @ : or other signs in it needs quotes";
    }

    private static InvalidConfigException invalid(String sentence) {
        return new InvalidConfigException(List.of(sentence));
    }
}
