package dev.valifyproxy.server.admin;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One element of an {@code Accept} (RFC 9110 §12.5.1). Of its parameters only the two that decide here are read.
 *
 * @param type a media type, or {@code type/*}, or {@code *}{@code /*}; in lower case
 * @param version the parameter of that name, if there is one
 * @param quality its weight, 0 to 1; 0 means "not this"
 */
record MediaRange(String type, @Nullable String version, double quality) {

    /** The elements of one field value. */
    static Stream<MediaRange> parse(String accept) {
        return Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",", -1)).map(MediaRange::parseOne);
    }

    private static MediaRange parseOne(String element) {
        String[] parts = element.split(";", -1);
        String version = null;
        double quality = 1;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("version=")) {
                version = parameter.substring("version=".length()).replace("\"", "");
            } else if (parameter.startsWith("q=")) {
                quality = weight(parameter.substring("q=".length()));
            }
        }
        return new MediaRange(parts[0].strip(), version, quality);
    }

    /** A weight that is none (RFC 9110 §12.4.2) counts as 0: who wrote it cannot be said to want the type. */
    private static double weight(String text) {
        return text.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(text) : 0;
    }

    /** How closely it describes this type in this version: 0 if not at all, 4 at best. */
    int specificity(String mediaType, String itsVersion) {
        if (type.equals(mediaType)) {
            return version == null ? 3 : version.equals(itsVersion) ? 4 : 0;
        }
        if (type.equals(mediaType.substring(0, mediaType.indexOf('/')) + "/*")) {
            return 2;
        }
        return type.equals("*/*") ? 1 : 0;
    }
}
