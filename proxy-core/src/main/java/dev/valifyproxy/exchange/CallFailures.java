package dev.valifyproxy.exchange;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.token.Shortage;

/** Why a call ends with an error of ours, where no rule of HTTP or connection says it. Values. */
final class CallFailures {

    static final Failure HEAD_TIMEOUT =
            Failure.of(ProxyError.REQUEST_TIMEOUT, "The request's head did not arrive in time.");
    static final Failure BODY_STALLED =
            Failure.of(ProxyError.REQUEST_TIMEOUT, "The request's body stopped arriving, or came too slowly.");
    static final Failure BODY_TOO_LARGE =
            Failure.of(ProxyError.BODY_TOO_LARGE, "The request's body is larger than this proxy allows.");
    static final Failure NO_PROFILE = Failure.of(ProxyError.NOT_FOUND, "No profile serves this call.");
    static final Failure TOO_MANY_CALLS = Failure.of(ProxyError.OVERLOADED, "Too many calls are in progress.");
    static final Failure NO_ANSWER = Failure.of(ProxyError.UPSTREAM_TIMEOUT, "The upstream did not answer in time.");
    static final Failure TOO_LONG =
            Failure.of(ProxyError.UPSTREAM_TIMEOUT, "The call took longer than this proxy allows.");
    static final Failure STOPPED = Failure.of(ProxyError.DRAINING, "This proxy is shutting down.");
    static final Failure BUG = Failure.of(ProxyError.INTERNAL_ERROR, "This proxy failed.");

    private static final Failure NO_TOKEN_IN_TIME =
            Failure.of(ProxyError.TOKEN_UNAVAILABLE, "No access token could be had in time.");
    private static final Failure LINE_FULL =
            Failure.of(ProxyError.OVERLOADED, "Too many calls are waiting for an access token.");
    private static final Failure CREDENTIALS_REFUSED =
            Failure.of(ProxyError.CREDENTIALS_REJECTED, "The credentials of this proxy are refused.");

    private CallFailures() {}

    /** For a call for which there is no token. */
    static Failure of(Shortage shortage) {
        return switch (shortage) {
            case TIMED_OUT -> NO_TOKEN_IN_TIME;
            case LINE_FULL -> LINE_FULL;
            case CREDENTIALS_REFUSED -> CREDENTIALS_REFUSED;
            case CLOSED -> STOPPED;
        };
    }
}
