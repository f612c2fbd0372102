package dev.valifyproxy.bench.soak;

import java.util.concurrent.locks.LockSupport;

/** A slow client's slowness. */
final class Pace {

    private Pace() {}

    /** Does nothing for about so long. */
    static void pause(long nanos) {
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }
}
