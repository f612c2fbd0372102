package dev.valifyproxy.exchange;

import io.netty.handler.codec.http.HttpMethod;
import java.util.function.BooleanSupplier;

/** The only place that decides whether a call is sent again. Each call costs the customer money, so in doubt it is not. Pure. */
final class RetryRule {

    private RetryRule() {}

    /**
     * How far a try came before its connection ended.
     *
     * @param reused whether its connection had served another call before
     * @param headWritten whether the transport was given it, so that some of it may have left
     * @param answered whether any of an answer came, interim ones included
     */
    record Progress(boolean reused, boolean headWritten, boolean answered) {}

    /** Whether a call whose token was refused, and which was therefore not performed, is tried a second time. */
    static boolean afterRejection(boolean replayable, BooleanSupplier budget) {
        return replayable && budget.getAsBoolean();
    }

    /**
     * Whether a call whose connection ended goes out once more on a fresh one. Any does of which not one byte was written, such as one that
     * still waited for its token. One that was written does only with a safe method, and on a reused connection, which the upstream may have
     * closed at that very moment (RFC 9110 §9.2.2, RFC 9112 §9.3.1).
     */
    static boolean afterBreak(Progress progress, HttpMethod method, boolean replayable, boolean repeatedBefore) {
        if (progress.answered() || repeatedBefore || !replayable) {
            return false;
        }
        return !progress.headWritten() || (progress.reused() && isSafe(method));
    }

    /** RFC 9110 §9.2.1. */
    private static boolean isSafe(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
    }
}
