package dev.valifyproxy.bench.simulator;

import java.time.Duration;

/**
 * A time at which the issuer is not well.
 *
 * @param from since the beginning
 * @param to since the beginning, not included; equal to {@code from} for none
 * @param factor how many times longer mints take that are sent in it
 * @param fails whether they bring no token
 */
record BrownOut(Duration from, Duration to, double factor, boolean fails) {

    boolean holdsAt(long nanos) {
        return nanos >= from.toNanos() && nanos < to.toNanos();
    }
}
