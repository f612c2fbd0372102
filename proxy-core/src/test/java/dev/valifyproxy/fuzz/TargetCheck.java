package dev.valifyproxy.fuzz;

import static dev.valifyproxy.fuzz.RequestCheck.require;

import dev.valifyproxy.http.FieldSyntax;
import dev.valifyproxy.http.LocationRewrite;
import dev.valifyproxy.http.RequestTarget;
import dev.valifyproxy.http.TokenPath;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must hold of any text taken for a target, a host or a location. */
final class TargetCheck {

    private static final LocationRewrite LOCATION = new LocationRewrite(URI.create("https://www.upstream.test"));
    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");
    private static final Pattern HOST =
            Pattern.compile("(\\[[A-Za-z0-9._~:%-]++]|[A-Za-z0-9._~!$&'()*+,;=%-]++)(:[0-9]{0,5})?");

    private TargetCheck() {}

    static void check(String text) {
        require(FieldSyntax.isHost(text) == HOST.matcher(text).matches(), "a host, or none", text);
        String path = LOCATION.rewrite(text);
        require(path == null || (path.startsWith("/") && !path.startsWith("//")), "a location on another host", path);
        if (RequestTarget.isWellFormed(text)) {
            checkOriginForm(RequestTarget.originForm(text, true));
            checkOriginForm(RequestTarget.originForm(text, false));
        }
    }

    private static void checkOriginForm(String target) {
        if (target == null || target.equals("*")) {
            return;
        }
        require(target.startsWith("/"), "an origin-form without a path", target);
        boolean isToken = TokenPath.matches(target);
        require(isToken == isTokenPath(target), "the token path, or not", target);
        require(isToken == TokenPath.matches("/" + target), "another path with one more slash", target);
        require(isToken == TokenPath.matches(target + "?x"), "another path with a query", target);
        require(!isToken || TokenPath.matches(escaped(target)), "another path when it is escaped", target);
    }

    /** A slow and plain telling of the same: decode until nothing changes, then walk the segments. */
    private static boolean isTokenPath(String target) {
        String path = target.replaceFirst("\\?.*", "");
        for (String next = decoded(path); !next.equals(path); next = decoded(path)) {
            path = next;
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.replace('\\', '/').split("/", -1)) {
            String name = segment.replaceFirst("(?s);.*", "");
            if (name.equals("..") && !segments.isEmpty()) {
                segments.remove(segments.size() - 1);
            } else if (!List.of("", ".", "..").contains(name)) {
                segments.add(name);
            }
        }
        return segments.equals(List.of("api", "o", "token"));
    }

    private static String decoded(String path) {
        return ESCAPE.matcher(path)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }

    private static String escaped(String target) {
        int query = RequestTarget.pathEnd(target);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < query; i++) {
            char c = target.charAt(i);
            text.append(c == '/' ? "/" : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return text + target.substring(query);
    }
}
