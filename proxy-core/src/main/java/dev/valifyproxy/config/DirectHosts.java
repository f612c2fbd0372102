package dev.valifyproxy.config;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * The hosts that are reached without an egress proxy: this machine, and those that are named. Names are what is compared, since to ask a
 * resolver would block, and what it says may change. Immutable.
 */
public final class DirectHosts {

    private final List<String> names;

    /** With these names, in the usual form: each with its subdomains, perhaps with a port; {@code *} is every host. */
    public DirectHosts(List<String> names) {
        this.names = names.stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** Whether the host of this URL, which must have one, is among them. */
    public boolean include(URI url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        return isLoopback(host) || names.stream().anyMatch(name -> covers(name, host, port(url)));
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.matches("127\\.[0-9.]+") || host.equals("[::1]");
    }

    private static boolean covers(String name, String host, int port) {
        String bare = withoutEnds(name, port);
        return bare.equals("*") || (!bare.isEmpty() && (host.equals(bare) || host.endsWith("." + bare)));
    }

    private static String withoutEnds(String name, int port) {
        String host = name.endsWith(":" + port) ? name.substring(0, name.lastIndexOf(':')) : name;
        return host.startsWith("*.") ? host.substring(2) : host.startsWith(".") ? host.substring(1) : host;
    }
}
