package dev.valifyproxy.http;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The one spelling of a path by which paths are compared (RFC 3986 §6.2.2), so that no rule is got round by a doubled slash or a needless
 * escape. What is forwarded is what the client sent. Pure.
 */
public final class NormalPath {

    private NormalPath() {}

    /** The path of an origin-form target, without escapes, parameters, empty and dot segments, and without a slash at its end. */
    public static String of(String target) {
        int end = RequestTarget.pathEnd(target);
        if (!isPlain(target, end)) {
            return normalize(target.substring(0, end));
        }
        return target.substring(0, end > 1 && target.charAt(end - 1) == '/' ? end - 1 : end);
    }

    /** Whether a normal path lies at this normal prefix or below it, counted in whole segments. */
    public static boolean isWithin(String path, String prefix) {
        return isWithin(path, path.length(), prefix);
    }

    /** The same for a path that is plain and ends here. */
    static boolean isWithin(String path, int end, String prefix) {
        int length = prefix.length();
        return end >= length
                && path.startsWith(prefix)
                && (end == length || prefix.equals("/") || path.charAt(length) == '/');
    }

    /** Whether a path is its own normal form, but for a slash at its end, as all but a few are. */
    static boolean isPlain(String target, int end) {
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if ("%\\;".indexOf(c) >= 0 || (c == '/' && i + 1 < end && isSlashOrDot(target.charAt(i + 1)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSlashOrDot(char c) {
        return c == '/' || c == '.';
    }

    /** Decodes escapes as long as there are any, then drops path parameters, empty and dot segments. */
    private static String normalize(String path) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : decodeFully(path).replace('\\', '/').split("/", -1)) {
            int parameters = segment.indexOf(';');
            String name = parameters < 0 ? segment : segment.substring(0, parameters);
            if (name.equals("..")) {
                segments.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                segments.addLast(name);
            }
        }
        return "/" + String.join("/", segments);
    }

    /** In one pass: what a decoded character completes is decoded in its turn, so nested escapes cost no more than others. */
    private static String decodeFully(String path) {
        StringBuilder decoded = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            decoded.append(path.charAt(i));
            while (endsWithEscape(decoded)) {
                int escape = decoded.length() - 3;
                char octet = (char) Integer.parseInt(decoded, escape + 1, escape + 3, 16);
                decoded.setLength(escape);
                decoded.append(octet);
            }
        }
        return decoded.toString();
    }

    private static boolean endsWithEscape(StringBuilder text) {
        int escape = text.length() - 3;
        return escape >= 0
                && text.charAt(escape) == '%'
                && Character.digit(text.charAt(escape + 1), 16) >= 0
                && Character.digit(text.charAt(escape + 2), 16) >= 0;
    }
}
