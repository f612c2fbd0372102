package dev.valifyproxy.bench.load;

import org.jspecify.annotations.Nullable;

/** Whether what the upstream counted fits what the client saw. Pure. */
final class Tokens {

    private Tokens() {}

    /**
     * What is wrong, or null if nothing is. Every right answer was performed exactly once; a call whose answer was lost may have been,
     * once.
     *
     * @param counted by the upstream during the run
     * @param outcome of the run
     */
    static @Nullable String problem(Ledger.Counts counted, Outcome outcome) {
        long right = outcome.calls(Verdict.RIGHT);
        long doubtful = outcome.wrong();
        if (counted.accepted() > right + doubtful) {
            return "performed more often than called: " + counted.accepted() + " for " + (right + doubtful);
        }
        if (counted.accepted() < right) {
            return "answered without a use of a token: " + (right - counted.accepted());
        }
        return null;
    }
}
