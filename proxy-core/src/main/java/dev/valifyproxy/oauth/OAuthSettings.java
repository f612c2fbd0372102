package dev.valifyproxy.oauth;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.tls.TlsSettings;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how tokens are asked for; section {@code token} of the configuration.
 *
 * @param tokenUrl the token endpoint, absolute
 * @param proxy through which it is reached; null for none
 * @param credentials what is sent
 * @param connectTimeout for the TCP connection, and again for the TLS handshake
 * @param mintTimeout for the whole request
 * @param defaultLifetime of a token whose answer names none
 * @param maxLifetime longer ones are clamped to this
 * @param tls trust for an https token URL
 */
public record OAuthSettings(
        URI tokenUrl,
        @Nullable EgressProxy proxy,
        Credentials credentials,
        Duration connectTimeout,
        Duration mintTimeout,
        Duration defaultLifetime,
        Duration maxLifetime,
        TlsSettings tls) {

    /** The token endpoint as it may be shown: without a query, which may hold a key. */
    public URI shownTokenUrl() {
        return URI.create(tokenUrl.getScheme() + "://" + tokenUrl.getRawAuthority() + tokenUrl.getRawPath());
    }
}
