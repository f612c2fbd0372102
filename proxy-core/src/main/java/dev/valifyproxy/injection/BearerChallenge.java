package dev.valifyproxy.injection;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a {@code WWW-Authenticate} field says of a bearer token (RFC 6750 §3, RFC 9110 §11.6.1). Pure. */
final class BearerChallenge {

    /** A scheme, or a parameter: name, then its value in quotes or bare. Never recursive, however long the field. */
    private static final Pattern WORD =
            Pattern.compile("([^\\s,=\"]+)(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]*)))?");

    private BearerChallenge() {}

    /** The error code of the field's challenge for a bearer token, or null if there is none. */
    static @Nullable String error(String field) {
        boolean bearer = false;
        Matcher word = WORD.matcher(field);
        while (word.find()) {
            String quoted = word.group(2);
            String value = quoted == null ? word.group(3) : quoted;
            if (value == null) {
                bearer = word.group(1).equalsIgnoreCase("Bearer");
            } else if (bearer && word.group(1).equalsIgnoreCase("error")) {
                return value;
            }
        }
        return null;
    }
}
