package dev.valifyproxy.oauth;

/** How far a mint had come when it failed. */
enum MintProgress {
    /** There was no connection yet. */
    CONNECTING,
    /** There was no connection yet, for want of an address. */
    UNRESOLVED,
    /** The egress proxy was asked for a tunnel. */
    TUNNELLING,
    /** The request was on its way. */
    SENT,
    /** A part of the answer had come. */
    ANSWERING
}
