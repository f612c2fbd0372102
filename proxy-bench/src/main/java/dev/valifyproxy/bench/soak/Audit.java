package dev.valifyproxy.bench.soak;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.sandbox.TokenLedger;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Holds three accounts of the same calls against each other: the clients', the proxy's and the upstream's. After the last call. */
final class Audit {

    private static final int MOST_EXAMPLES = 10;
    private static final List<String> STATUS_CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private final Book book;
    private final Views views;
    private final MeterRegistry registry;
    private final TokenLedger ledger;
    private final List<String> problems = new ArrayList<>();
    private final Map<End, Long> ends = new EnumMap<>(End.class);
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Map<String, Long> errors = new LinkedHashMap<>();
    private long sent;

    Audit(Book book, Views views, MeterRegistry registry, TokenLedger ledger) {
        this.book = book;
        this.views = views;
        this.registry = registry;
        this.ledger = ledger;
        checkEachCall();
        checkOutcomes();
        checkErrors();
        checkLedger();
    }

    /** What does not fit; empty if all is well. */
    List<String> problems() {
        return problems;
    }

    /** The clients' account. */
    Map<End, Long> ends() {
        return ends;
    }

    /** The proxy's account. */
    Map<Outcome, Long> outcomes() {
        return outcomes;
    }

    /** The proxy's own errors by code. */
    Map<String, Long> errors() {
        return errors;
    }

    /** The upstream's account: calls it was sent, refusals of their tokens not counted. */
    long sent() {
        return sent;
    }

    private void checkEachCall() {
        for (int id = 0; id < book.size(); id++) {
            End end = book.endOf(id);
            sent += book.sent(id);
            if (end == null) {
                wrong(id, "has no end");
                continue;
            }
            ends.merge(end, 1L, Long::sum);
            if (end.isWrong() || !end.allows(book.sent(id), book.isSafe(id))) {
                wrong(id, "ended as " + end + ", and the upstream was sent it " + book.sent(id) + " times");
            } else if (end == End.TIMED_OUT && !book.isStalled(id)) {
                wrong(id, "was not answered in time, and the upstream was not silent");
            }
        }
    }

    private void wrong(int id, String what) {
        if (problems.size() < MOST_EXAMPLES) {
            problems.add((book.isSafe(id) ? "GET " : "POST ") + id + " " + what);
        }
    }

    /** What the proxy has counted beyond what clients saw must be the calls whose clients left. */
    private void checkOutcomes() {
        long unseen = 0;
        for (Outcome outcome : Outcome.values()) {
            for (int status = 0; status < STATUS_CLASSES.size(); status++) {
                long counted = counted(outcome, STATUS_CLASSES.get(status));
                long seen = views.calls(new Views.Cell(outcome, status));
                outcomes.merge(outcome, counted, Long::sum);
                unseen += counted - seen;
                if (counted < seen) {
                    problems.add("the proxy counted " + counted + " calls as " + outcome + " "
                            + STATUS_CLASSES.get(status) + ", clients saw " + seen);
                }
            }
        }
        long left = ends.getOrDefault(End.LEFT, 0L);
        // A head that ends in its middle is no call, but is answered; no client sends another bad request.
        long halfHeads = counted(ProxyError.BAD_REQUEST);
        if (unseen != left + halfHeads) {
            problems.add("the proxy counted " + unseen + " calls of which no client saw the end, but " + left
                    + " left, and " + halfHeads + " in the middle of a head");
        }
    }

    private long counted(Outcome outcome, String statusClass) {
        return (long) registry.get("valify.proxy.calls")
                .tags("outcome", outcome.name().toLowerCase(Locale.ROOT), "status", statusClass)
                .counter()
                .count();
    }

    private long counted(ProxyError error) {
        return (long) registry.get("valify.proxy.errors")
                .tag("error", error.code())
                .counter()
                .count();
    }

    private void checkErrors() {
        for (ProxyError error : ProxyError.values()) {
            long counted = counted(error);
            if (counted > 0) {
                errors.put(error.code(), counted);
            }
            if (counted < views.errors(error.code())) {
                problems.add("the proxy counted " + counted + " " + error.code() + ", clients saw "
                        + views.errors(error.code()));
            }
        }
        if (errors.containsKey(ProxyError.INTERNAL_ERROR.code())) {
            problems.add("the proxy answered with an internal error");
        }
    }

    private void checkLedger() {
        if (ledger.overUses() > 0 || ledger.usesAfterExpiry() > 0) {
            problems.add(
                    ledger.overUses() + " over-uses of tokens, " + ledger.usesAfterExpiry() + " uses after expiry");
        }
        if (ledger.used() != book.usesTaken()) {
            problems.add("the upstream counted " + ledger.used() + " uses of tokens in " + book.usesTaken() + " calls");
        }
        if (book.strangers() > 0 || views.mixUps() > 0) {
            problems.add(
                    book.strangers() + " calls that nobody made, " + views.mixUps() + " answers to another's call");
        }
        double leaked =
                registry.get("valify.proxy.token.leases.leaked").counter().count();
        if (leaked > 0) {
            problems.add((long) leaked + " uses of tokens were never resolved");
        }
    }
}
