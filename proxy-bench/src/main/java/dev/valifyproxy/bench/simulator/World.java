package dev.valifyproxy.bench.simulator;

import java.util.random.RandomGenerator;

/**
 * What a scheme gets.
 *
 * @param scenario the settings
 * @param time the clock
 * @param issuer gives tokens
 * @param random for jitter
 * @param arrivals when calls will come: for the clairvoyant's eyes only
 */
record World(Scenario scenario, VirtualTime time, Issuer issuer, RandomGenerator random, Times arrivals) {}
