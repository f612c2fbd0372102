package dev.valifyproxy.exchange;

import dev.valifyproxy.http.ProxyError;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call once it has ended; metrics, access log and traces are made from it. Holds nothing of its content.
 *
 * @param outcome how it ended
 * @param status the status sent to the client, 0 if none was
 * @param error our own error, if that was the answer
 * @param attempts heads written upstream
 * @param requestBytes bytes of the request's body received
 * @param responseBytes bytes of the answer's body sent
 * @param durationNanos from the request's head to the end
 * @param upstreamNanos from the last head written upstream to its answer's head; -1 if none came
 * @param tokenWaitNanos time spent in line for a token; 0 if one was there at once
 */
public record CallRecord(
        Outcome outcome,
        int status,
        @Nullable ProxyError error,
        int attempts,
        long requestBytes,
        long responseBytes,
        long durationNanos,
        long upstreamNanos,
        long tokenWaitNanos) {

    /** How a call ended. */
    public enum Outcome {
        /** The upstream's answer was relayed to its end. */
        RELAYED,
        /** The proxy answered in the upstream's place: the token path. */
        LOCAL,
        /** The proxy answered with an error of its own. */
        FAILED,
        /** The client left first. */
        ABANDONED,
        /** The answer broke off in the middle, and so did the client's. */
        TRUNCATED
    }
}
