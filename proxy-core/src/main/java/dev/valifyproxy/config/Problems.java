package dev.valifyproxy.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with a configuration, in the order in which it was found. One problem a key: the first is the cause, and what
 * follows from it would only distract. Not for use by several threads.
 */
public final class Problems {

    private final Map<String, String> byPath = new LinkedHashMap<>();

    /**
     * Adds a problem, unless this key has one already.
     *
     * @param path the key in full, such as {@code valify-proxy.token.max-uses}
     * @param sentence what to tell the user; the key is part of it
     */
    public void add(String path, String sentence) {
        byPath.putIfAbsent(path, sentence);
    }

    /** Whether this key has a problem. */
    public boolean concern(String path) {
        return byPath.containsKey(path);
    }

    /** Ends the reading of a configuration that has problems. */
    public void throwIfAny() {
        if (!byPath.isEmpty()) {
            throw new InvalidConfigException(List.copyOf(byPath.values()));
        }
    }
}
