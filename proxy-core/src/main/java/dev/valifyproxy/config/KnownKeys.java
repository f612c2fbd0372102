package dev.valifyproxy.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the code reads, learnt while it reads them, so that no list of them can go stale. Any other key is a mistake
 * of the user, and is told with the key that was probably meant.
 */
final class KnownKeys {

    private final Set<String> keys = new TreeSet<>();
    private final Set<String> sections = new TreeSet<>();

    void addKey(String path) {
        keys.add(path);
    }

    void addSection(String path) {
        sections.add(path);
    }

    /** Reports each key below a section that is not known. */
    void reportUnknown(String path, ConfigObject section, Problems problems) {
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(section).entrySet()) {
            String child = join(path, entry.getKey());
            ConfigValue value = entry.getValue();
            if (sections.contains(child)) {
                if (value instanceof ConfigObject inner) {
                    reportUnknown(child, inner, problems);
                }
            } else if (!keys.contains(child)) {
                problems.add(child, unknown(child, value));
            }
        }
    }

    /** The value stays untold: under a misspelt key it may be a password. */
    private String unknown(String path, ConfigValue value) {
        String meant = nearest(path);
        return path + Place.inParentheses(value.origin()) + ": unknown key"
                + (meant == null ? "" : "; did you mean " + meant + "?");
    }

    /** The known key or section that takes the fewest edits, if that is less than half of the last name. */
    private @Nullable String nearest(String path) {
        String best = null;
        int fewest = Integer.MAX_VALUE;
        for (Set<String> candidates : List.of(keys, sections)) {
            for (String candidate : candidates) {
                int edits = edits(path, candidate);
                if (edits < fewest) {
                    best = candidate;
                    fewest = edits;
                }
            }
        }
        return fewest * 2 < lastName(path).length() ? best : null;
    }

    /** A right name in a wrong section counts as one edit. */
    private static int edits(String path, String candidate) {
        int moved = lastName(path).equals(lastName(candidate)) ? 1 : Integer.MAX_VALUE;
        return Math.min(moved, editDistance(path, candidate));
    }

    private static String lastName(String path) {
        List<String> names = ConfigUtil.splitPath(path);
        return names.get(names.size() - 1);
    }

    /** Insertions, deletions and replacements that turn one text into the other (Levenshtein). */
    static int editDistance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            row[column] = column;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }

    static String join(String path, String key) {
        return path + "." + ConfigUtil.joinPath(key);
    }
}
