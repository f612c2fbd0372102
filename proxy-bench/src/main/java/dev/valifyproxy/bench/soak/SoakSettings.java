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

    private static final Duration LEAST_WARM_UP = Duration.ofSeconds(3);

    /** Far more than ten minutes bring. */
    static final int MAX_CALLS = 4_000_000;

    /**
     * No call is open for longer. Half a minute is the longest that one may take that waits for its token, for a silent upstream twice and for its
     * client; the rest is for a machine that has other things to do.
     */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The load before the measured one, that classes are loaded, pools filled and code compiled. */
    Duration warmUp() {
        Duration tenth = length.dividedBy(10);
        return tenth.compareTo(LEAST_WARM_UP) < 0 ? LEAST_WARM_UP : tenth;
    }
}
