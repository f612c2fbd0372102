package dev.valifyproxy.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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

    /** Decodes escapes as long as that changes something, then drops path parameters, empty and dot segments (RFC 3986 §6.2.2). */
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

    private static String decodeFully(String path) {
        String before = path;
        String decoded = decode(before);
        while (!decoded.equals(before)) {
            before = decoded;
            decoded = decode(before);
        }
        return decoded;
    }

    private static String decode(String path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int high = c == '%' && i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(path.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                bytes.write((high << 4) | low);
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
