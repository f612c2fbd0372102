package dev.valifyproxy.bench.soak;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a soak.
 *
 * @param settings as they were
 * @param transport that was used
 * @param calls begun by clients
 * @param ends the clients' account
 * @param outcomes the proxy's
 * @param errors the proxy's own errors by code
 * @param sent the upstream's: calls that it was sent, refusals of their tokens not counted
 * @param minted tokens
 * @param before the memory after the warm-up
 * @param after the memory after the load
 * @param problems what was wrong; empty if all was well
 */
record Report(
        SoakSettings settings,
        String transport,
        long calls,
        Map<End, Long> ends,
        Map<Outcome, Long> outcomes,
        Map<String, Long> errors,
        long sent,
        long minted,
        Memory before,
        Memory after,
        List<String> problems) {

    boolean isGood() {
        return problems.isEmpty();
    }

    /** This report with another memory at the end. */
    Report with(Memory atEnd) {
        return new Report(settings, transport, calls, ends, outcomes, errors, sent, minted, before, atEnd, problems);
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "soak of %d s over %s, %d connections, faults %s, seed %d%n",
                settings.length().toSeconds(),
                transport,
                settings.connections(),
                settings.faults(),
                settings.seed());
        out.printf(Locale.ROOT, "%,d calls, %,d tokens minted%n", calls, minted);
        out.println("the clients' account   " + ends);
        out.println("the proxy's account    " + outcomes);
        out.println("  its own errors       " + errors);
        out.printf(Locale.ROOT, "the upstream's account %,d calls sent to it%n", sent);
        out.printf(
                Locale.ROOT,
                "heap at rest           %.1f MiB before, %.1f MiB after; buffers not released: %,d B%n",
                mebibytes(before.heap()),
                mebibytes(after.heap()),
                after.buffers());
        out.println(isGood() ? "GOOD" : "WRONG:");
        problems.forEach(problem -> out.println("  " + problem));
        out.flush();
    }

    private static double mebibytes(long bytes) {
        return bytes / (1024.0 * 1024.0);
    }
}
