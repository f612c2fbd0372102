package dev.valifyproxy.bench.soak;

/**
 * How a call ended for its client, and how often the upstream may then have been sent it, refusals of its token not counted. A safe call may
 * have been sent once more (RFC 9110 §9.2.2).
 */
enum End {
    /** The upstream's answer came whole. */
    RELAYED(1, 1),
    /** The upstream's refusal of a token came whole. */
    TOKEN_REFUSED(0, 0),
    /** The token path was answered. */
    LOCAL(0, 0),
    /** An error of the proxy's that says the call was not performed. */
    NOT_PERFORMED(0, 0),
    /** An error of the proxy's that leaves it open. */
    UNKNOWN(0, 1),
    /** As {@link #UNKNOWN}, for want of an answer in time: only the upstream's silence explains it. */
    TIMED_OUT(0, 1),
    /** The answer broke off, be it one to the call or a refusal of its token. */
    TRUNCATED(0, 1),
    /** The client left before it knew. */
    LEFT(0, 1),
    /** It stood behind an answer that ended its connection: never begun. */
    NOT_BEGUN(0, 0),
    /** The connection ended without one byte of an answer: what must not happen. */
    UNANSWERED(0, 1),
    /** Nothing came in a time in which everything else has long ended: what must not happen either. */
    STUCK(0, 1);

    private final int atLeast;
    private final int atMost;

    End(int atLeast, int atMost) {
        this.atLeast = atLeast;
        this.atMost = atMost;
    }

    /** Whether that many sendings fit this end. */
    boolean allows(int sent, boolean safe) {
        return sent >= atLeast && sent <= atMost + (safe ? 1 : 0);
    }

    /** Whether the proxy has begun the call, so that its meters tell of it. */
    boolean isCounted() {
        return this != NOT_BEGUN;
    }

    /** Whether it is wrong by itself, whatever the upstream saw. */
    boolean isWrong() {
        return this == UNANSWERED || this == STUCK;
    }
}
