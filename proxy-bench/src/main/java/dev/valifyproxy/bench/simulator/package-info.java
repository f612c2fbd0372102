/**
 * What the token pool does under every kind of load, in virtual time: the real pool and simpler schemes against the same calls and
 * the same issuer. Everything follows from a seed; no wall clock is read.
 */
@NullMarked
package dev.valifyproxy.bench.simulator;

import org.jspecify.annotations.NullMarked;
