package dev.valifyproxy.bench.soak;

import java.time.Duration;

/**
 * How to soak.
 *
 * @param length of the load
 * @param connections clients, each with one connection
 * @param transport as {@code server.transport} has it
 * @param faults what goes wrong
 * @param seed of the clients' work and the upstream's faults
 * @param maxCalls where the load ends before its time is over
 */
record SoakSettings(Duration length, int connections, String transport, FaultMix faults, long seed, int maxCalls) {

    /** Far more than ten minutes bring. */
    static final int MAX_CALLS = 4_000_000;

    /** No call is open for longer: the longest that may be waits for a token, for two silent upstreams and for its client's slowness. */
    static final Duration PATIENCE = Duration.ofSeconds(40);

    /** The load before the measured one, that classes are loaded, pools filled and code compiled. */
    Duration warmUp() {
        return length.dividedBy(10);
    }
}
