package dev.valifyproxy.config;

import dev.valifyproxy.http.EgressProxy;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The way out of this network, for calls and for requests for tokens.
 *
 * @param proxy through which it leads; null for none
 * @param direct the hosts that it does not lead to
 */
record Egress(@Nullable EgressProxy proxy, DirectHosts direct) {

    static Egress of(Section upstream) {
        return new Egress(upstream.optionalProxyFrom("proxy"), new DirectHosts(upstream.textsFrom("no-proxy")));
    }

    /** The proxy on the way to this URL; null for none. */
    @Nullable
    EgressProxy towards(URI url) {
        return direct.include(url) ? null : proxy;
    }
}
