package dev.valifyproxy.metrics;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.valifyproxy.exchange.CallListener;
import dev.valifyproxy.exchange.CallRecord;
import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ProxyError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Counts calls and their errors, and measures their durations and bodies. All meters are registered at the start: they exist at 0, and a
 * call looks none up. Safe for any thread; waits for none.
 */
public final class CallMeters implements CallListener {

    /** Index = first digit of the status; 0 if none was sent. */
    private static final List<String> STATUS_CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private final List<EnumCounters<Outcome>> calls;
    private final EnumCounters<ProxyError> errors;
    private final Timer duration;
    private final Timer upstreamDuration;
    private final Timer tokenWait;
    private final Counter secondTries;
    private final Counter requestBytes;
    private final Counter responseBytes;

    /**
     * Registers the meters.
     *
     * @param callsInProgress read at each scrape, on the scraping thread
     */
    public CallMeters(MeterRegistry registry, IntSupplier callsInProgress) {
        calls = STATUS_CLASSES.stream()
                .map(status -> new EnumCounters<>(
                        Outcome.class,
                        outcome -> Meters.CALLS.counter(registry, "outcome", Meters.label(outcome), "status", status)))
                .toList();
        // Two errors may share a code: then the registry gives both the same counter.
        errors = new EnumCounters<>(
                ProxyError.class,
                error -> Meters.ERRORS.counter(registry, "error", error.code(), "blame", Meters.label(error.blame())));
        duration = Meters.CALL_DURATION.timer(registry);
        upstreamDuration = Meters.CALL_UPSTREAM_DURATION.timer(registry);
        tokenWait = Meters.CALL_TOKEN_WAIT.timer(registry);
        secondTries = Meters.CALL_SECOND_TRIES.counter(registry);
        requestBytes = Meters.REQUEST_BODY.counter(registry);
        responseBytes = Meters.RESPONSE_BODY.counter(registry);
        Meters.CALLS_IN_PROGRESS.gauge(registry, callsInProgress::getAsInt);
    }

    @Override
    public void ended(CallRecord call) {
        calls.get(statusClass(call.status())).of(call.outcome()).increment();
        if (call.error() != null) {
            errors.of(call.error()).increment();
        }
        duration.record(call.durationNanos(), NANOSECONDS);
        if (call.upstreamNanos() >= 0) {
            upstreamDuration.record(call.upstreamNanos(), NANOSECONDS);
        }
        if (call.tokenWaitNanos() > 0) {
            tokenWait.record(call.tokenWaitNanos(), NANOSECONDS);
        }
        if (call.attempts() > 1) {
            secondTries.increment(call.attempts() - 1);
        }
        requestBytes.increment((double) call.requestBytes());
        responseBytes.increment((double) call.responseBytes());
    }

    /** A status above 599 is invalid and taken for a 5xx (RFC 9110 §15). */
    private static int statusClass(int status) {
        return Math.min(status / 100, 5);
    }
}
