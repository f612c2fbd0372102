package dev.valifyproxy.clientauth;

/**
 * How clients are met; section {@code client-auth}.
 *
 * @param tokenEndpoint what the token path answers
 */
public record ClientAuthSettings(TokenEndpoint tokenEndpoint) {

    /** {@code client-auth.token-endpoint}. */
    public enum TokenEndpoint {
        /** A well-formed placeholder for any body. */
        STUB,
        /** 404 to every method. */
        OFF
    }
}
