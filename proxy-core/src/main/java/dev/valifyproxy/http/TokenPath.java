package dev.valifyproxy.http;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Recognises the path of Valify's token endpoint, however it is spelt: a client's own credentials must never go upstream because of
 * a doubled slash. Pure.
 */
public final class TokenPath {

    private static final String PATH = "/api/o/token";

    private TokenPath() {}

    /** Whether an origin-form target names the token endpoint. */
    public static boolean matches(String target) {
        int end = RequestTarget.pathEnd(target);
        return isPlain(target, end) ? isTokenPath(target, end) : isTokenPath(normalize(target.substring(0, end)));
    }

    /** Whether a path is its own normal form, as all but a few are: nothing to decode, no empty or dot segment. */
    private static boolean isPlain(String target, int end) {
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

    private static boolean isTokenPath(String path) {
        return isTokenPath(path, path.length());
    }

    private static boolean isTokenPath(String path, int end) {
        int length = end > 0 && path.charAt(end - 1) == '/' ? end - 1 : end;
        return length == PATH.length() && path.startsWith(PATH);
    }

    /** Decodes escapes as long as there are any, then drops path parameters, empty and dot segments (RFC 3986 §6.2.2). */
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
