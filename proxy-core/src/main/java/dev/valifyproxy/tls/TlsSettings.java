package dev.valifyproxy.tls;

import org.jspecify.annotations.Nullable;

/**
 * Whom we trust as a TLS client.
 *
 * @param caCertificates further certificate authorities, PEM text, trusted beside the system's; null for none
 */
public record TlsSettings(@Nullable String caCertificates) {}
