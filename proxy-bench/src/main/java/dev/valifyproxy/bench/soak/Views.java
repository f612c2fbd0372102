package dev.valifyproxy.bench.soak;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the clients saw, counted as the proxy counts it. Thread-safe. */
final class Views {

    private final Map<Cell, LongAdder> calls = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder mixUps = new LongAdder();

    /**
     * One count of the proxy's calls.
     *
     * @param statusClass first digit of the status
     */
    record Cell(Outcome outcome, int statusClass) {}

    /** What a reply means for its call. */
    End judge(Request request, Reply reply) {
        if (reply instanceof Reply.Whole whole) {
            return judge(request, whole);
        }
        if (reply instanceof Reply.BrokenOff broken) {
            return count(End.TRUNCATED, broken.status());
        }
        return reply instanceof Reply.Silence ? End.UNANSWERED : End.STUCK;
    }

    private End judge(Request request, Reply.Whole whole) {
        String error = whole.proxyError();
        if (!error.isEmpty()) {
            errors.computeIfAbsent(error, first -> new LongAdder()).increment();
            return count(failure(error, whole), whole.status());
        }
        if (isMixedUp(request, whole)) {
            mixUps.increment();
        }
        return count(answer(whole), whole.status());
    }

    private static End failure(String error, Reply.Whole whole) {
        if (error.equals("upstream_timeout")) {
            return End.TIMED_OUT;
        }
        return whole.saysNotPerformed() ? End.NOT_PERFORMED : End.UNKNOWN;
    }

    private static End answer(Reply.Whole whole) {
        if (whole.refusesToken()) {
            return End.TOKEN_REFUSED;
        }
        return whole.text().contains("\"access_token\"") ? End.LOCAL : End.RELAYED;
    }

    /** Whether it is the answer to a question that this client did not ask. */
    private static boolean isMixedUp(Request request, Reply.Whole whole) {
        String code = "\"error_code\":";
        return whole.text().contains(code) && !whole.text().contains(code + request.askedCode() + ",");
    }

    private End count(End end, int status) {
        Outcome outcome = outcome(end);
        if (outcome != null) {
            calls.computeIfAbsent(new Cell(outcome, status / 100), first -> new LongAdder())
                    .increment();
        }
        return end;
    }

    private static @Nullable Outcome outcome(End end) {
        return switch (end) {
            case RELAYED, TOKEN_REFUSED -> Outcome.RELAYED;
            case LOCAL -> Outcome.LOCAL;
            case NOT_PERFORMED, UNKNOWN, TIMED_OUT -> Outcome.FAILED;
            case TRUNCATED -> Outcome.TRUNCATED;
            case LEFT, NOT_BEGUN, UNANSWERED, STUCK -> null;
        };
    }

    /** Calls that ended so, as far as a client stayed to see it. */
    long calls(Cell cell) {
        LongAdder counted = calls.get(cell);
        return counted == null ? 0 : counted.sum();
    }

    /** Errors of the proxy's with this code that a client stayed to see. */
    long errors(String code) {
        LongAdder counted = errors.get(code);
        return counted == null ? 0 : counted.sum();
    }

    /** Answers that belong to another call. */
    long mixUps() {
        return mixUps.sum();
    }
}
