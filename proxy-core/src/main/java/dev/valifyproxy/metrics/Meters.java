package dev.valifyproxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every meter there is, by name. Prometheus sees {@code valify.proxy.request.body} in bytes as
 * {@code valify_proxy_request_body_bytes}, and a counter with {@code _total} behind it.
 *
 * <p>A base unit stands with what is measured (seconds, bytes); what is counted has its unit in its name.
 */
enum Meters {
    CALLS("calls", "Calls that ended, by outcome and by class of the status sent to the client"),
    CALLS_IN_PROGRESS("calls.in.progress", "Calls that have begun and not ended"),
    CALL_DURATION("call.duration", "seconds", "From a request's head to the end of its call"),
    CALL_UPSTREAM_DURATION("upstream.duration", "seconds", "From a head written upstream to its answer's head"),
    CALL_TOKEN_WAIT("token.wait", "seconds", "Time spent in line for a token, of calls that found none ready"),
    CALL_SECOND_TRIES("second.tries", "Heads written upstream beyond the first of their call"),
    REQUEST_BODY("request.body", "bytes", "Bytes of request bodies received from clients"),
    RESPONSE_BODY("response.body", "bytes", "Bytes of response bodies sent to clients"),
    ERRORS("errors", "Errors the proxy itself answered with, by code and by whose doing it was"),
    CLIENT_CONNECTIONS("client.connections", "Open connections of clients"),
    CLIENT_CONNECTIONS_REFUSED(
            "client.connections.refused", "Connections of clients that were closed at once, by the limit they met"),
    CLIENT_WRITE_TIMEOUTS(
            "client.write.timeouts", "Connections of clients that were reset because they took nothing of an answer"),

    TOKENS_MINTED("tokens.minted", "Tokens the issuer granted"),
    TOKENS_REJECTED("tokens.rejected", "Tokens the upstream refused on a call's first try"),
    MINT_FAILURES("mint.failures", "Requests for a token that brought none, by what went wrong"),
    MINT_DURATION("mint.duration", "seconds", "From a request for a token to its end, by whether it brought one"),
    MINTS_IN_FLIGHT("mints.in.flight", "Requests for a token that have not ended"),
    MINT_STATE("mint.state", "The minter's view of the issuer: 1 for the state it is in, 0 for the others"),
    TOKEN_USES("token.uses", "Uses of tokens handed to calls"),
    TOKEN_USES_READY("token.uses.ready", "Uses of tokens that calls would get at once"),
    TOKEN_USES_WASTED("token.uses.wasted", "Uses of tokens that died without serving a call, by reason"),
    TOKEN_WAITERS("token.waiters", "Calls in line for a token"),
    TOKEN_SHORTAGES("token.shortages", "Calls in line for a token that got none, by reason"),
    TOKEN_WAITS_HELD_BACK(
            "token.waits.held.back",
            "Calls that wait for a token because a limit of the configuration is reached, by limit"),
    TOKEN_USES_PER_TOKEN("token.uses.per.token", "Calls that a token serves that is minted now"),
    TOKEN_USES_DISAGREEMENTS(
            "token.uses.disagreements",
            "Answers that tell of fewer or more uses of a token than token.max-uses, while uses are learnt"),
    TOKEN_LEASES_LEAKED(
            "token.leases.leaked", "Uses whose calls ended without resolving them, while leaks are searched for"),
    SUSPENSIONS("suspensions", "Times the machine seems to have been suspended, or its clock was set forward"),

    UPSTREAM_CONNECTIONS("upstream.connections", "Connections to the upstream, open or being opened"),
    UPSTREAM_CONNECTIONS_IDLE("upstream.connections.idle", "Open connections to the upstream that serve no call"),
    UPSTREAM_CONNECTIONS_OPENED("upstream.connections.opened", "Connections to the upstream that were established"),
    UPSTREAM_CONNECT_FAILURES(
            "upstream.connect.failures", "Attempts to connect to the upstream that failed, by whose doing it was"),

    BUILD_INFO("build.info", "Always 1; the labels say what runs: version, Java, transport"),
    PROCESS_CPU("process.cpu", "seconds", "CPU time the process has used"),
    PROCESS_START("process.start.time", "seconds", "When the JVM started, since the beginning of 1970"),
    JVM_MEMORY_USED("jvm.memory.used", "bytes", "Memory in use, by area"),
    JVM_MEMORY_COMMITTED("jvm.memory.committed", "bytes", "Memory the JVM holds, used or not, by area"),
    JVM_HEAP_LIMIT("jvm.heap.limit", "bytes", "The size the heap may grow to"),
    JVM_THREADS("jvm.threads", "Live threads"),
    JVM_GC_COLLECTIONS("jvm.gc.collections", "Garbage collections, by collector"),
    JVM_GC_TIME("jvm.gc.time", "seconds", "Time spent in garbage collections, by collector"),
    BUFFER_MEMORY("buffer.memory", "bytes", "Memory the buffer allocator holds for network buffers, by area");

    /** From a call answered on the same machine to {@code timeouts.response-head}, 120 s. */
    private static final Duration[] BUCKETS = DoubleStream.of(
                    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
            .mapToObj(seconds -> Duration.ofMillis(Math.round(seconds * 1_000)))
            .toArray(Duration[]::new);

    private final String id;
    private final @Nullable String unit;
    private final String description;

    Meters(String name, String description) {
        this(name, null, description);
    }

    Meters(String name, @Nullable String unit, String description) {
        this.id = "valify.proxy." + name;
        this.unit = unit;
        this.description = description;
    }

    /** Its name in the registry. */
    String id() {
        return id;
    }

    /** What it measures in; null if it counts. */
    @Nullable
    String unit() {
        return unit;
    }

    /** A counter that the caller moves; at 0 from now on. */
    Counter counter(MeterRegistry registry, String... tags) {
        return Counter.builder(id)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    /** A counter that somebody else keeps; {@code total} must never fall and is read at each scrape. */
    void counter(MeterRegistry registry, DoubleSupplier total, String... tags) {
        // The registry stands in for the object of which it would keep a weak reference only; the function is kept.
        FunctionCounter.builder(id, registry, ignored -> total.getAsDouble())
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    /** A gauge, read at each scrape. */
    void gauge(MeterRegistry registry, DoubleSupplier value, String... tags) {
        Gauge.builder(id, value::getAsDouble)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    /** A histogram of durations, with the same buckets for all of them. */
    Timer timer(MeterRegistry registry, String... tags) {
        return Timer.builder(id)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .tags(tags)
                .register(registry);
    }

    /** The label that tells one account's meters from another's, and further ones. */
    static String[] ofProfile(String profile, String... more) {
        return Stream.concat(Stream.of("profile", profile), Arrays.stream(more)).toArray(String[]::new);
    }

    /** The label value of a constant: {@code timed_out}. */
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
