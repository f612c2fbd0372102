package dev.valifyproxy.sandbox;

/** What the uses of a token are counted by; Valify's pages tell of both. */
public enum UseScope {
    /** So many calls of the token in all. */
    TOKEN,
    /** So many calls of the token for each service: two versions of one service count together. */
    SERVICE
}
