package dev.valifyproxy.config;

import static java.util.Objects.requireNonNullElse;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One section of the configuration. It knows its path; what is wrong it reports and goes on with some right value, so that
 * all problems are told at once. Such a value never gets out: {@link #read} throws in the end.
 *
 * <p>The reference file must list each key that is read here, and each key that is listed must be read.
 */
public final class Section {

    private static final String ROOT = "valify-proxy";

    private final Standing standing;
    private final ConfigObject values;
    private final ConfigObject defaults;
    private final KnownKeys known;
    private final Problems problems;

    private Section(Standing standing, ConfigObject values, ConfigObject defaults, KnownKeys known, Problems problems) {
        this.standing = standing;
        this.values = values;
        this.defaults = defaults;
        this.known = known;
        this.problems = problems;
    }

    /**
     * Reads a configuration whole.
     *
     * @param config the values that differ from the defaults, resolved
     * @param problems what was found wrong before
     * @param reading makes the result of the section {@code valify-proxy}
     * @throws InvalidConfigException with every problem, unknown keys among them
     */
    public static <T> T read(Config config, Problems problems, Function<Section, T> reading) {
        ConfigObject defaults = defaults().root();
        KnownKeys known = new KnownKeys();
        ConfigObject values = config.root().withFallback(defaults);
        Section root = new Section(Standing.at(""), values, defaults, known, problems).section(ROOT);
        T result = reading.apply(root);
        known.reportUnknown(ROOT, root.values, problems);
        problems.throwIfAny();
        return result;
    }

    /** What is read where nothing is set: the reference file. */
    public static Config defaults() {
        return ConfigFactory.parseResources(Section.class.getClassLoader(), "reference.conf");
    }

    /** A section within this one. */
    public Section section(String key) {
        standing.placesOf(key).forEach(known::addSection);
        Entry entry = entry(key);
        ConfigObject inner = values.containsKey(key) ? objectOf(entry) : Standing.NOTHING;
        return new Section(standing.within(key), inner, (ConfigObject) listed(key), known, problems);
    }

    /** What stands in a section; nothing, which means the defaults, if it is none. */
    private static ConfigObject objectOf(Entry entry) {
        if (entry.value() instanceof ConfigObject inner) {
            return inner;
        }
        entry.refuse("must be a section, { ... }");
        return Standing.NOTHING;
    }

    /** The names of what stands in this section, where the user chooses them; in order. */
    public List<String> names() {
        return values.keySet().stream().sorted().toList();
    }

    /**
     * A section within this one whose name the user chose.
     *
     * @param name one of {@link #names()}
     * @param listed the keys that may stand there, at their defaults
     */
    public Section named(String name, Config listed) {
        known.addSection(standing.pathOf(name));
        return new Section(Standing.at(standing.pathOf(name)), objectOf(entry(name)), listed.root(), known, problems);
    }

    /**
     * The same, for the keys of another section, from which it takes what it does not set itself; a problem of that is told once, where it
     * stands.
     */
    public Section heir(String name, Section ancestor) {
        known.addSection(standing.pathOf(name));
        ConfigObject own = objectOf(entry(name));
        return new Section(
                new Standing(standing.pathOf(name), own, ancestor.standing.path()),
                own.withFallback(ancestor.values),
                ancestor.defaults,
                known,
                problems);
    }

    /** Reports what {@link #names()} tells of. */
    public void refuse(String name, String whatIsRight) {
        entry(name).refuse(whatIsRight);
    }

    /** Leaves a section to somebody else: nothing in it is judged. */
    public void leave(String key) {
        known.addKey(standing.pathOf(key));
    }

    /** A whole number within bounds, both inclusive. */
    public int intFrom(String key, int min, int max) {
        return entry(key).whole(min, max, "");
    }

    /** The same, or null for none. */
    public @Nullable Integer optionalIntFrom(String key, int min, int max) {
        Entry entry = entry(key);
        return entry.isNull() ? null : entry.whole(min, max, "");
    }

    /** A whole number, or the word {@code auto}, which stands for a value that the caller knows. */
    public int intOrAutoFrom(String key, int min, int max, int auto) {
        Entry entry = entry(key);
        return "auto".equals(entry.text()) ? auto : entry.whole(min, max, "auto, or ");
    }

    /** A TCP port; 0 asks the system for one. */
    public int portFrom(String key) {
        Entry entry = entry(key);
        String text = entry.text();
        if (text != null && text.startsWith("tcp://")) {
            entry.refuse("must be 0 to 65535; Kubernetes injects such a value for a Service of that name:"
                    + " rename the Service, or set enableServiceLinks: false on the pod");
        }
        return entry.whole(0, 65_535, "");
    }

    /** A size in bytes within bounds, both inclusive. */
    public long sizeFrom(String key, long min, long max) {
        return entry(key).quantity(Quantity.SIZE, min, max);
    }

    /** A duration within bounds, both inclusive. */
    public Duration durationFrom(String key, Duration min, Duration max) {
        return Duration.ofNanos(entry(key).quantity(Quantity.DURATION, min.toNanos(), max.toNanos()));
    }

    /** The same, or null for none. */
    public @Nullable Duration optionalDurationFrom(String key, Duration min, Duration max) {
        return entry(key).isNull() ? null : durationFrom(key, min, max);
    }

    /** {@code on} or {@code off}, or another of HOCON's spellings of these. */
    public boolean booleanFrom(String key) {
        Entry entry = entry(key);
        return switch (requireNonNullElse(entry.text(), "off")) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> {
                entry.refuse("must be on or off");
                yield false;
            }
        };
    }

    /** One of several words. */
    public String wordFrom(String key, List<String> words) {
        Entry entry = entry(key);
        String text = entry.text();
        if (text != null && words.contains(text)) {
            return text;
        }
        int last = words.size() - 1;
        entry.refuse("must be " + String.join(", ", words.subList(0, last)) + " or " + words.get(last));
        return words.get(0);
    }

    /** A text that meets a rule, or null for none. */
    public @Nullable String optionalTextFrom(String key, Predicate<String> isRight, String whatIsRight) {
        Entry entry = entry(key);
        String text = entry.isNull() ? null : entry.text();
        if (text != null && !isRight.test(text)) {
            entry.refuse(whatIsRight);
            return null;
        }
        return text;
    }

    /** A text that is not blank. */
    public String stringFrom(String key) {
        Entry entry = entry(key);
        String text = entry.text();
        if (text != null && text.isBlank()) {
            entry.refuse("must not be empty");
        }
        return requireNonNullElse(text, "");
    }

    /** A list of texts. */
    public List<String> textsFrom(String key) {
        return entry(key).texts();
    }

    /** Certificates as PEM text, one at least, or null for none. */
    public @Nullable String optionalCertificatesFrom(String key) {
        Entry entry = entry(key, Entry.HIDDEN);
        String text = entry.isNull() ? null : entry.text();
        if (text != null && !Certificates.isPem(text)) {
            entry.refuse("must hold certificates in PEM form (-----BEGIN CERTIFICATE-----)");
        }
        return text;
    }

    /** Prefixes of paths, each beginning with a slash. */
    public List<String> pathsFrom(String key) {
        Entry entry = entry(key);
        List<String> paths = entry.texts();
        paths.stream()
                .filter(prefix -> !prefix.startsWith("/"))
                .forEach(prefix -> entry.refuse("must hold paths that begin with /, which " + prefix + " does not"));
        paths.stream()
                .filter(prefix -> prefix.contains("?"))
                .forEach(prefix -> entry.refuse("must hold paths without a query, which " + prefix + " has"));
        return List.copyOf(paths);
    }

    /** The elements of a list, each to be read by somebody who knows its form. */
    List<Entry> elementsFrom(String key) {
        return entry(key).elements();
    }

    /** The URL of a server: scheme, host and perhaps port, without the slash that may end it. */
    public URI originFrom(String key) {
        URI url = entry(key, UrlRule::masked).url(UrlRule.ORIGIN);
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return URI.create(url.getScheme() + "://" + url.getHost() + port);
    }

    /** The URL of an endpoint, or null for none. */
    public @Nullable URI optionalUrlFrom(String key) {
        Entry entry = entry(key, UrlRule::masked);
        return entry.isNull() ? null : entry.url(UrlRule.ENDPOINT);
    }

    /** An HTTP proxy, or null for none. Nothing of it is shown: written wrong, its password may stand anywhere. */
    public @Nullable EgressProxy optionalProxyFrom(String key) {
        Entry entry = entry(key, Entry.HIDDEN);
        return entry.isNull() ? null : entry.proxy();
    }

    /**
     * A credential. It must be there, and is never shown.
     *
     * @param howToSet what to do about it if it is missing
     */
    public Secret secretFrom(String key, String howToSet) {
        Entry entry = entry(key, Entry.HIDDEN);
        if (entry.isNull()) {
            refuseMissing(key, howToSet);
            return Secret.of("");
        }
        String text = requireNonNullElse(entry.text(), "");
        if (text.isEmpty()) {
            entry.refuse("must not be empty");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            entry.refuse("must not hold control characters, such as a line break");
        }
        return Secret.of(text);
    }

    /** Whether a key has a value; it need not be a right one. */
    public boolean isSet(String key) {
        return values.containsKey(key) && !entry(key).isNull();
    }

    /** Reports that a value that must be there is not, unless its section was wrong, or that which should have lent it was told so. */
    public void refuseMissing(String key, String whatIsRight) {
        if (!problems.concern(standing.path()) && !problems.concern(standing.placeOf(key))) {
            String path = standing.pathOf(key);
            problems.add(path, path + " is missing: " + whatIsRight);
        }
    }

    /** Reports a key whose value is this word. */
    public void refuseWord(String key, String word, String whatIsRight) {
        Entry entry = entry(key);
        if (word.equals(entry.value().unwrapped())) {
            entry.refuse(whatIsRight);
        }
    }

    /** Reports a key that is set at all. */
    public void refuseSet(String key, String whatIsRight) {
        Entry entry = entry(key, UrlRule::masked);
        if (!entry.isNull()) {
            entry.refuse(whatIsRight);
        }
    }

    /** Reports a key that does not go with another one, unless one of both was wrong by itself. */
    public void require(boolean fits, String key, String other, String whatIsRight) {
        if (!fits && !problems.concern(standing.placeOf(other))) {
            entry(key).refuse(whatIsRight);
        }
    }

    private Entry entry(String key) {
        return entry(key, UnaryOperator.identity());
    }

    private Entry entry(String key, UnaryOperator<String> shown) {
        standing.placesOf(key).forEach(known::addKey);
        ConfigValue value = values.get(key);
        return new Entry(standing.placeOf(key), value != null ? value : listed(key), shown, problems);
    }

    /** The default, which every key that is read must have. */
    private ConfigValue listed(String key) {
        ConfigValue value = defaults.get(key);
        if (value == null) {
            throw new IllegalStateException(
                    standing.placeOf(key) + " is read, but the reference file does not list it");
        }
        return value;
    }
}
