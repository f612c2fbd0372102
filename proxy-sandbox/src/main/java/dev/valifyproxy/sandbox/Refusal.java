package dev.valifyproxy.sandbox;

/** The form in which a token that is unknown, expired or used up is refused. */
public enum Refusal {
    /** Valify's own: 403, {@code specified access_token could not be found}. */
    FORBIDDEN,
    /** Django REST Framework's: 401, {@code Invalid token.}, with {@code WWW-Authenticate}. */
    INVALID_TOKEN
}
