package dev.valifyproxy.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.valifyproxy.config.InvalidConfigException;
import dev.valifyproxy.config.Problems;
import dev.valifyproxy.config.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Reads the program's configuration from its layers, strongest first: system properties, environment variables, the file of
 * the command line, the defaults. Reads files, so not for an event loop.
 */
public final class ConfigLoader {

    static final String ROOT = "valify-proxy";
    private static final String PROXY = ROOT + ".upstream.proxy";
    private static final List<String> UPSTREAM_URLS = List.of(ROOT + ".upstream.base-url", ROOT + ".token.url");

    private final Map<String, String> environment;
    private final Properties systemProperties;

    /** Reads from these, not from the process's own. */
    public ConfigLoader(Map<String, String> environment, Properties systemProperties) {
        this.environment = environment;
        this.systemProperties = systemProperties;
    }

    /**
     * The configuration as the user gave it.
     *
     * @param file the file of the command line, if one was given
     * @throws InvalidConfigException with every problem at once
     */
    public ServerConfig load(@Nullable Path file) {
        return load(file, ConfigFactory.empty(), ConfigFactory.empty());
    }

    /**
     * The same between two further layers.
     *
     * @param strongest wins over all that the user gave
     * @param weakest wins over the defaults only
     */
    public ServerConfig load(@Nullable Path file, Config strongest, Config weakest) {
        Problems problems = new Problems();
        Config given = strongest
                .withFallback(properties())
                .withFallback(EnvironmentVariables.read(environment, problems))
                .withFallback(file == null ? ConfigFactory.empty() : new ConfigFile(file, environment).read())
                .withFallback(weakest);
        Config whole = CaFile.readInto(withEgressProxy(given), problems);
        List<Path> secretFiles = EnvironmentVariables.secretFiles(environment);
        return Section.read(whole, problems, root -> ServerConfig.from(root, secretFiles));
    }

    /** Read afresh and only ours: the library would take, and keep, every property of the process. */
    private Config properties() {
        Properties ours = new Properties();
        for (String name : systemProperties.stringPropertyNames()) {
            if (name.startsWith(ROOT + ".")) {
                ours.setProperty(name, systemProperties.getProperty(name));
            }
        }
        return ConfigFactory.parseProperties(
                ours, ConfigParseOptions.defaults().setOriginDescription("system property"));
    }

    /** {@code HTTPS_PROXY} is a setting only where it has a meaning, and that the other layers decide. */
    private Config withEgressProxy(Config given) {
        String proxy = environment.getOrDefault("HTTPS_PROXY", "");
        if (proxy.isEmpty() || given.hasPath(PROXY)) {
            return given;
        }
        EgressProxy egress = new EgressProxy(environment);
        Config all = given.withFallback(Section.defaults());
        if (UPSTREAM_URLS.stream().noneMatch(key -> egress.concerns(textOf(all, key)))) {
            return given;
        }
        String origin = "environment variable HTTPS_PROXY; NO_PROXY can name the upstream";
        return given.withValue(PROXY, ConfigValueFactory.fromAnyRef(proxy, origin));
    }

    private static String textOf(Config config, String key) {
        return config.hasPath(key) ? String.valueOf(config.getValue(key).unwrapped()) : "";
    }
}
