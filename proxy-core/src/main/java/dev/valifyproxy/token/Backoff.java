package dev.valifyproxy.token;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How long to leave the issuer alone after a failure. Mint thread only. */
final class Backoff {

    /** The longest pause while calls wait, unless the issuer asked for a longer one. */
    static final Duration LONGEST_WHILE_CALLS_WAIT = Duration.ofSeconds(1);

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST_WHILE_IDLE = Duration.ofSeconds(30);
    private static final Duration FIRST_WHEN_REFUSED = Duration.ofSeconds(30);
    private static final Duration LONGEST_WHEN_REFUSED = Duration.ofMinutes(10);
    private static final Duration SHORTEST_ASKED = Duration.ofSeconds(1);
    private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);

    private final RandomGenerator random;
    private int failures;
    private int refusals;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** A mint succeeded: the next failure is a first one again. */
    void reset() {
        failures = 0;
        refusals = 0;
    }

    /** The pause after a failure that says nothing of the credentials: what the issuer asked for, else growing, with full jitter. */
    Duration afterFailure(@Nullable Duration asked, boolean callsWait) {
        if (asked != null) {
            return clamp(asked, SHORTEST_ASKED, LONGEST_ASKED);
        }
        Duration longest = callsWait ? LONGEST_WHILE_CALLS_WAIT : LONGEST_WHILE_IDLE;
        long most = doubled(FIRST, failures++, longest).toNanos();
        return clamp(Duration.ofNanos((long) (most * random.nextDouble())), SHORTEST, longest);
    }

    /** The pause while the credentials are refused. No jitter: an account must not be locked by tries in quick succession. */
    Duration whileRefused() {
        return doubled(FIRST_WHEN_REFUSED, refusals++, LONGEST_WHEN_REFUSED);
    }

    private static Duration doubled(Duration first, int times, Duration most) {
        // 20 doublings exceed every limit; more could overflow.
        return clamp(first.multipliedBy(1L << Math.min(times, 20)), Duration.ZERO, most);
    }

    private static Duration clamp(Duration duration, Duration least, Duration most) {
        if (duration.compareTo(least) < 0) {
            return least;
        }
        return duration.compareTo(most) > 0 ? most : duration;
    }
}
