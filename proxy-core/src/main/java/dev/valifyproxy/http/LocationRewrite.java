package dev.valifyproxy.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@code Location} that names the upstream's own origin into a path, since a client that follows it would send its call,
 * body and all, past the proxy. Immutable.
 */
public final class LocationRewrite {

    private final String host;
    private final int port;

    /** For the origin of this base URL, and its {@code www.} twin. */
    public LocationRewrite(URI baseUrl) {
        this.host = withoutWww(baseUrl.getHost());
        this.port = port(baseUrl);
    }

    /** The path to answer in place of this location, or null if it is to pass as it is. */
    public @Nullable String rewrite(String location) {
        URI uri = parse(location);
        if (uri == null || uri.getHost() == null || !withoutWww(uri.getHost()).equals(host) || !isSamePort(uri)) {
            return null;
        }
        // Cut from the text itself: what follows the authority passes byte for byte.
        int authority = location.indexOf("//") + 2;
        int path = authority;
        while (path < location.length() && "/?#".indexOf(location.charAt(path)) < 0) {
            path++;
        }
        String rest = location.substring(path);
        return rest.startsWith("/") ? withSingleLeadingSlash(rest) : "/" + rest;
    }

    /** A reference that begins with two slashes would name another host (RFC 3986 §4.2). */
    private static String withSingleLeadingSlash(String path) {
        return path.startsWith("//") ? "/." + path : path;
    }

    /** http and https of one host are one origin here: a redirect from one to the other still leads past the proxy. */
    private boolean isSamePort(URI uri) {
        int theirs = port(uri);
        return theirs == port || uri.getPort() < 0 || uri.getPort() == 80 || uri.getPort() == 443;
    }

    private int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        if (uri.getScheme() == null) {
            return port;
        }
        return uri.getScheme().equalsIgnoreCase("http") ? 80 : 443;
    }

    private static String withoutWww(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("www.") ? lower.substring(4) : lower;
    }

    private static @Nullable URI parse(String location) {
        String text = location.startsWith("//") ? "http:" + location : location;
        try {
            URI uri = new URI(text.replaceAll("[^\\x21-\\x7e]|[\"<>\\\\^`{|}]", "_"));
            return uri.isAbsolute() ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
