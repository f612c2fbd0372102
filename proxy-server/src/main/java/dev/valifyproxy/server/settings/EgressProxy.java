package dev.valifyproxy.server.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether {@code HTTPS_PROXY} concerns a URL: not if its host is on loopback, or named by {@code NO_PROXY}. */
final class EgressProxy {

    private final String noProxy;

    EgressProxy(Map<String, String> environment) {
        noProxy = environment.getOrDefault("NO_PROXY", "");
    }

    /** Whether a call to this URL would go through the proxy; text that is no URL concerns nobody. */
    boolean concerns(String url) {
        URI uri = parse(url);
        String host = uri == null ? null : uri.getHost();
        return uri != null && host != null && !isLoopback(host) && !isExempt(host.toLowerCase(Locale.ROOT), port(uri));
    }

    private static @Nullable URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "http".equals(uri.getScheme()) ? 80 : 443;
    }

    /** By name: asking a resolver would block, and what it says may change. */
    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost") || host.matches("127\\.[0-9.]+") || host.equals("[::1]");
    }

    /** The usual form: names with commas between, each with its subdomains, perhaps with a port; {@code *} is every host. */
    private boolean isExempt(String host, int port) {
        return Arrays.stream(noProxy.toLowerCase(Locale.ROOT).split(",", -1))
                .map(name -> withoutEnds(name.strip(), port))
                .anyMatch(name ->
                        name.equals("*") || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name))));
    }

    private static String withoutEnds(String name, int port) {
        String host = name.endsWith(":" + port) ? name.substring(0, name.lastIndexOf(':')) : name;
        return host.startsWith("*.") ? host.substring(2) : host.startsWith(".") ? host.substring(1) : host;
    }
}
