package dev.valifyproxy.token;

import dev.valifyproxy.secret.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one request for a token ended. */
public sealed interface MintOutcome {

    /**
     * A token was issued.
     *
     * @param value the access token
     * @param lifetime how long it lives, counted from the moment the request was sent; positive
     */
    record Minted(Secret value, Duration lifetime) implements MintOutcome {}

    /**
     * No token came.
     *
     * @param kind what went wrong, for decisions and metric labels
     * @param reason one sentence for an operator; holds no secret and nothing of the answer's body but a known error code
     * @param retryAfter how long the issuer asked to be left alone, if it did
     */
    record Failed(Kind kind, String reason, @Nullable Duration retryAfter) implements MintOutcome {

        /** A failure without a {@code Retry-After}. */
        public static Failed of(Kind kind, String reason) {
            return new Failed(kind, reason, null);
        }
    }

    /** Why no token came. */
    enum Kind {
        /** The issuer refused the credentials (any error of RFC 6749 §5.2). */
        CREDENTIALS_REFUSED,
        /** 429, or 503 with {@code Retry-After}. */
        RATE_LIMITED,
        /** Another 5xx, or a status that a token endpoint has no use for. */
        SERVER_ERROR,
        /** No connection, or it broke: name resolution, refusal, TLS, reset. */
        UNREACHABLE,
        /** No connection, and that by the doing of the egress proxy: it could not be reached, or it refused. */
        EGRESS_FAILED,
        /** An answer that is not a token answer (RFC 6749 §5.1), or too large to be one. */
        MALFORMED,
        /** Nothing came within {@code token.mint-timeout}. */
        TIMED_OUT,
        /** The answer holds the placeholder of a valify-proxy: the token URL points at one. */
        PROXY_LOOP
    }
}
