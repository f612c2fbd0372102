package dev.valifyproxy.bench.load;

/** What one call's answer was found to be. */
enum Verdict {
    /** As it should be. */
    RIGHT,
    /** Not 200. */
    WRONG_STATUS,
    /** A body longer or shorter than the upstream sends. */
    WRONG_LENGTH,
    /** The answer to another call, or to none. */
    WRONG_CALL,
    /** The connection ended before the answer did. */
    BROKEN,
    /** No answer by the time the run was given up. */
    UNANSWERED
}
