package dev.valifyproxy.injection;

/** User event: no use was ready for the head just written; it is held until a {@link TokenWait} or a {@link TokenUnavailable}. */
public enum TokenAwaited {
    /** The only one. */
    TOKEN_AWAITED
}
