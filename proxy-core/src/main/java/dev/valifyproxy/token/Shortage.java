package dev.valifyproxy.token;

/** Why a call in line got no use. */
public enum Shortage {
    /** None came within {@code token.acquire-timeout}. */
    TIMED_OUT,
    /** {@code token.max-waiters} calls are in line already. */
    LINE_FULL,
    /** No token is left and the issuer refuses the credentials. */
    CREDENTIALS_REFUSED,
    /** The pool was closed. */
    CLOSED
}
