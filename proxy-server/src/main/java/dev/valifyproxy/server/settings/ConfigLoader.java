package dev.valifyproxy.server.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import dev.valifyproxy.config.DirectHosts;
import dev.valifyproxy.config.InvalidConfigException;
import dev.valifyproxy.config.Problems;
import dev.valifyproxy.config.Section;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private static final String PROFILES = ROOT + ".profiles";
    private static final String PROXY = ".upstream.proxy";
    private static final String NO_PROXY = ".upstream.no-proxy";
    private static final List<String> UPSTREAM_URLS = List.of(".upstream.base-url", ".token.url");

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
        List<Path> secretFiles = new ArrayList<>();
        Config given = strongest
                .withFallback(properties())
                .withFallback(EnvironmentVariables.read(environment, problems, secretFiles))
                .withFallback(file == null ? ConfigFactory.empty() : new ConfigFile(file, environment).read())
                .withFallback(weakest);
        Config whole = FileKeys.readInto(withEgressProxy(given), problems, secretFiles);
        return Section.read(whole, problems, root -> ServerConfig.from(root, secretFiles));
    }

    /** The paths of the sections that hold the sections {@code upstream} and {@code token}: the root, then each profile. */
    static List<String> places(Config config) {
        List<String> places = new ArrayList<>(List.of(ROOT));
        if (config.hasPath(PROFILES) && config.getValue(PROFILES) instanceof ConfigObject profiles) {
            profiles.keySet().stream()
                    .sorted()
                    .filter(name -> profiles.get(name) instanceof ConfigObject)
                    .forEach(name -> places.add(PROFILES + "." + ConfigUtil.joinPath(name)));
        }
        return places;
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
    private Config withEgressProxy(Config config) {
        Config given = withDirectHosts(config);
        String proxy = environment.getOrDefault("HTTPS_PROXY", "");
        if (proxy.isEmpty() || given.hasPath(ROOT + PROXY)) {
            return given;
        }
        Config all = given.withFallback(Section.defaults());
        Config result = given;
        for (String place : places(given)) {
            boolean concerned = concerned(place, all);
            boolean atTop = place.equals(ROOT);
            // A profile that it does not concern must not inherit it; one that says null has said that it wants none.
            if (atTop ? concerned : !given.hasPathOrNull(place + PROXY)) {
                String origin = "environment variable HTTPS_PROXY; NO_PROXY can name the upstream";
                result = result.withValue(
                        place + PROXY, ConfigValueFactory.fromAnyRef(concerned ? proxy : null, origin));
            }
        }
        return result;
    }

    private Config withDirectHosts(Config given) {
        String hosts = environment.getOrDefault("NO_PROXY", "");
        return hosts.isEmpty() || given.hasPath(ROOT + NO_PROXY)
                ? given
                : given.withValue(
                        ROOT + NO_PROXY,
                        ConfigValueFactory.fromIterable(
                                List.of(hosts.split(",", -1)), "environment variable NO_PROXY"));
    }

    /** Whether a proxy would stand before what is called from a place; text that is no URL, or no list of hosts, is told elsewhere. */
    private static boolean concerned(String place, Config all) {
        try {
            DirectHosts direct = new DirectHosts(all.getStringList(pathOf(all, place, NO_PROXY)));
            return UPSTREAM_URLS.stream()
                    .map(key -> URI.create(textOf(all, place, key)))
                    .anyMatch(url -> url.getHost() != null && !direct.include(url));
        } catch (IllegalArgumentException | ConfigException e) {
            return false;
        }
    }

    /** What a profile does not set it takes from the root. */
    private static String textOf(Config config, String place, String key) {
        String path = pathOf(config, place, key);
        return config.hasPath(path) ? String.valueOf(config.getValue(path).unwrapped()) : "";
    }

    private static String pathOf(Config config, String place, String key) {
        return config.hasPathOrNull(place + key) ? place + key : ROOT + key;
    }
}
