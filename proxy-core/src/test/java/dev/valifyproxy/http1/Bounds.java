package dev.valifyproxy.http1;

import java.time.Duration;

/** The bounds that handlers in these tests have, where it does not matter which. */
final class Bounds {

    static final Http1Settings DEFAULT = new Http1Settings(
            8 * 1024, 32 * 1024, 100, Duration.ofSeconds(15), Duration.ofSeconds(30), 100, Duration.ofSeconds(75));

    private Bounds() {}
}
