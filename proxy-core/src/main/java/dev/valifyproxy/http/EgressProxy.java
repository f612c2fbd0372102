package dev.valifyproxy.http;

import dev.valifyproxy.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy through which this network is left.
 *
 * @param host a name, or an address; IPv6 without brackets
 * @param port where it listens
 * @param login what it wants to be shown; null for nothing
 */
public record EgressProxy(String host, int port, @Nullable Login login) {

    /** Who we are to the proxy. Nobody but the proxy is shown it. */
    public record Login(Secret user, Secret password) {

        /** The value of {@code Proxy-Authorization}: user and password in UTF-8 (RFC 7617 §2.1). */
        public Secret basic() {
            String pair = user.reveal() + ":" + password.reveal();
            return Secret.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Where it stands: what of it may be shown. */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
