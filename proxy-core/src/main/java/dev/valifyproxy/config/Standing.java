package dev.valifyproxy.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a section stands, and, if it is an heir, where what it does not set itself stands: there a problem of it is told, once for all
 * heirs.
 *
 * @param path of the section, in full
 * @param own what an heir sets itself; of no meaning for other sections
 * @param ancestor the path of the section that an heir takes the rest from; null for other sections
 */
record Standing(String path, ConfigObject own, @Nullable String ancestor) {

    /** What an empty section holds. */
    static final ConfigObject NOTHING = ConfigFactory.empty().root();

    /** A section that inherits nothing. */
    static Standing at(String path) {
        return new Standing(path, NOTHING, null);
    }

    /** Where a key stands within this section, whoever sets it. */
    String pathOf(String key) {
        return join(path, key);
    }

    /** Where the value of a key stands. */
    String placeOf(String key) {
        return ancestor == null || own.containsKey(key) ? pathOf(key) : join(ancestor, key);
    }

    /** Where the value of a key may stand. */
    List<String> placesOf(String key) {
        return ancestor == null ? List.of(pathOf(key)) : List.of(pathOf(key), join(ancestor, key));
    }

    /** Of the section of this name within this one. */
    Standing within(String key) {
        return ancestor == null
                ? at(pathOf(key))
                : new Standing(
                        pathOf(key), own.get(key) instanceof ConfigObject inner ? inner : NOTHING, join(ancestor, key));
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : KnownKeys.join(path, key);
    }
}
