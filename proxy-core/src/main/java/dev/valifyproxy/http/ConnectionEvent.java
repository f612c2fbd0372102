package dev.valifyproxy.http;

/** What a connection is told, or tells the exchange on it, as a user event. */
public enum ConnectionEvent {
    /** Listening has stopped: a connection without an exchange closes now, another after its exchange. */
    DRAIN,
    /** The time for draining is up: what is on ends now. */
    STOP,
    /** A request's head did not arrive in time. */
    HEAD_TIMEOUT,
    /** A request's body stopped arriving, or came too slowly. */
    BODY_TIMEOUT,
    /** Of an answer came some bytes, of which nothing can be made yet. */
    ANSWER_BYTES
}
