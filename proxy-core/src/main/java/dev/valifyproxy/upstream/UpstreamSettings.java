package dev.valifyproxy.upstream;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.tls.TlsSettings;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The origin that calls are forwarded to; section {@code upstream} and its timeouts.
 *
 * @param baseUrl scheme, host and perhaps port; no path, query or user info
 * @param proxy through which it is reached; null for none
 * @param maxConnections open connections at the most, over all event loops
 * @param maxConnectionAge a connection older than this serves no further call; null for no such limit
 * @param idleTimeout how long an unused connection is kept
 * @param connectTimeout for name resolution, TCP and the egress proxy's answer, all addresses together
 * @param tlsHandshakeTimeout for the TLS handshake
 * @param tls whom to trust
 */
public record UpstreamSettings(
        URI baseUrl,
        @Nullable EgressProxy proxy,
        int maxConnections,
        @Nullable Duration maxConnectionAge,
        Duration idleTimeout,
        Duration connectTimeout,
        Duration tlsHandshakeTimeout,
        TlsSettings tls) {}
