package dev.valifyproxy.exchange;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.token.Shortage;

/** What a call is answered for which there is no token. Pure. */
final class Shortages {

    private static final Failure TIMED_OUT =
            Failure.of(ProxyError.TOKEN_UNAVAILABLE, "No access token could be had in time.");
    private static final Failure LINE_FULL =
            Failure.of(ProxyError.OVERLOADED, "Too many calls are waiting for an access token.");
    private static final Failure REFUSED =
            Failure.of(ProxyError.CREDENTIALS_REJECTED, "The credentials of this proxy are refused.");
    private static final Failure CLOSED = Failure.of(ProxyError.DRAINING, "This proxy is shutting down.");

    private Shortages() {}

    static Failure failure(Shortage shortage) {
        return switch (shortage) {
            case TIMED_OUT -> TIMED_OUT;
            case LINE_FULL -> LINE_FULL;
            case CREDENTIALS_REFUSED -> REFUSED;
            case CLOSED -> CLOSED;
        };
    }
}
