package dev.valifyproxy.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.valifyproxy.http.EgressProxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One key as it was found. What does not convert is reported, and a value that is right takes its place, so that reading goes
 * on.
 *
 * @param path the key in full
 * @param value what it was set to, as the library holds it
 * @param shown how the value's text may be told; empty for not at all
 * @param problems where reports go
 */
record Entry(String path, ConfigValue value, UnaryOperator<String> shown, Problems problems) {

    /** For a value that must not be told. */
    static final UnaryOperator<String> HIDDEN = text -> "";

    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
    private static final URI SOME_URL = URI.create("http://localhost");
    private static final int LONGEST_SHOWN = 100;

    /** Whether it is {@code null}, which for an optional key means "none". */
    boolean isNull() {
        return value.valueType() == ConfigValueType.NULL;
    }

    /** The text of a single value, spelt as the user spelt it (so {@code 0123} keeps its zero); null if refused. */
    @Nullable
    String text() {
        switch (value.valueType()) {
            case NULL -> refuse("must have a value");
            case OBJECT -> refuse("must be one value, not a section");
            case LIST -> refuse("must be one value, not a list");
            case STRING, NUMBER, BOOLEAN -> {
                return spelling();
            }
        }
        return null;
    }

    /** The texts of a list's values; none if refused. */
    List<String> texts() {
        try {
            return value.atKey("it").getStringList("it");
        } catch (ConfigException.WrongType | ConfigException.Missing e) {
            refuse("must be a list, such as [\"a\", \"b\"]");
            return List.of();
        }
    }

    boolean isList() {
        return value.valueType() == ConfigValueType.LIST;
    }

    /** The elements of a list, whose keys are their places; none if refused. */
    List<Entry> elements() {
        try {
            ConfigList list = value.atKey("it").getList("it");
            return IntStream.range(0, list.size())
                    .mapToObj(i -> new Entry(path + "[" + i + "]", list.get(i), shown, problems))
                    .toList();
        } catch (ConfigException.WrongType | ConfigException.Missing e) {
            refuse("must be a list, [ ... ]");
            return List.of();
        }
    }

    /** What a section holds under a key; null if nothing. */
    @Nullable
    Entry field(String key) {
        ConfigValue field = value instanceof ConfigObject section ? section.get(key) : null;
        return field == null ? null : new Entry(KnownKeys.join(path, key), field, shown, problems);
    }

    /** Reports each key that is none of these, or that this is no section. */
    void refuseOtherThan(Set<String> keys) {
        if (!(value instanceof ConfigObject section)) {
            refuse("must be a section, { ... }");
            return;
        }
        for (Map.Entry<String, ConfigValue> field : new TreeMap<>(section).entrySet()) {
            if (!keys.contains(field.getKey())) {
                String unknown = KnownKeys.join(path, field.getKey());
                problems.add(
                        unknown,
                        unknown + Place.inParentheses(field.getValue().origin()) + ": unknown key; must be one of "
                                + String.join(", ", new TreeSet<>(keys)));
            }
        }
    }

    /** A whole number; what else the key takes is told by {@code orElse}. */
    int whole(int min, int max, String orElse) {
        String text = text();
        if (text == null) {
            return min;
        }
        String bounds = min + " to " + max;
        if (!WHOLE.matcher(text).matches()) {
            refuse("must be " + orElse + "a whole number, " + bounds);
            return min;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException tooLong) {
            // Its digits were checked, so it is out of bounds like any other.
        }
        refuse("must be " + orElse + bounds);
        return min;
    }

    /** A number with its unit, in nanoseconds or bytes. */
    long quantity(Quantity quantity, long min, long max) {
        String text = text();
        try {
            return text == null ? min : quantity.parse(text, min, max);
        } catch (IllegalArgumentException e) {
            refuse(String.valueOf(e.getMessage()));
            return min;
        }
    }

    /** A URL that meets these rules. */
    URI url(Set<UrlRule> rules) {
        String text = text();
        if (text == null) {
            return SOME_URL;
        }
        try {
            URI url = new URI(text);
            UrlRule broken = UrlRule.firstBroken(rules, url);
            if (broken == null) {
                return url;
            }
            refuse(broken.text());
        } catch (URISyntaxException e) {
            refuse("is no URL: " + UrlRule.SCHEME.text());
        }
        return SOME_URL;
    }

    /** An HTTP proxy; null if refused. */
    @Nullable
    EgressProxy proxy() {
        String text = text();
        try {
            return text == null ? null : ProxyUrl.parse(text);
        } catch (IllegalArgumentException e) {
            refuse(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Reports the value, and what would be right in its place. */
    void refuse(String whatIsRight) {
        problems.add(path, path + told() + Place.inParentheses(value.origin()) + ": " + whatIsRight);
    }

    private String spelling() {
        return value.atKey("it").getString("it");
    }

    private String told() {
        return switch (value.valueType()) {
            case NULL -> " = null";
            case OBJECT, LIST -> "";
            case STRING, NUMBER, BOOLEAN -> told(shown.apply(spelling()));
        };
    }

    private static String told(String text) {
        if (text.isEmpty()) {
            return "";
        }
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return " = " + (printable.length() > LONGEST_SHOWN ? printable.substring(0, LONGEST_SHOWN) + "..." : printable);
    }
}
