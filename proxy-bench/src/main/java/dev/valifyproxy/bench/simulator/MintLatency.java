package dev.valifyproxy.bench.simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long the issuer takes for a token: lognormal, now and then a stall.
 *
 * @param mean of those without a stall
 * @param sigma of the logarithm; 0 means that all take the mean
 * @param stallShare which part of all mints stalls
 * @param stallFactor how many times longer these take
 */
record MintLatency(Duration mean, double sigma, double stallShare, double stallFactor) {

    /** The latency of one mint, in nanoseconds. */
    long draw(RandomGenerator random) {
        // Both are always drawn, so that scenarios which differ in one setting share the rest.
        double normal = random.nextGaussian();
        boolean stalls = random.nextDouble() < stallShare;
        double latency = mean.toNanos() * Math.exp(sigma * normal - sigma * sigma / 2);
        return Math.round(stalls ? latency * stallFactor : latency);
    }
}
