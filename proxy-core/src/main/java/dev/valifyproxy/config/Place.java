package dev.valifyproxy.config;

import com.typesafe.config.ConfigOrigin;

/** Where a value stands, in the words of a user. */
final class Place {

    private Place() {}

    /** Such as {@code " (my.conf: 31)"}, {@code " (environment variable PROXY_PORT)"} or {@code " (the default)"}. */
    static String inParentheses(ConfigOrigin origin) {
        String resource = origin.resource();
        if ("reference.conf".equals(resource)) {
            return " (the default)";
        }
        if (resource == null) {
            return " (" + origin.description() + ")";
        }
        // The description of a resource holds the whole URL of its jar.
        return " (" + resource + (origin.lineNumber() > 0 ? ": " + origin.lineNumber() : "") + ")";
    }
}
