package dev.valifyproxy.oauth;

import dev.valifyproxy.secret.Secret;

/** What the password grant sends (RFC 6749 §4.3.2), client credentials in the form as Valify wants them. */
public record Credentials(Secret username, Secret password, Secret clientId, Secret clientSecret) {}
