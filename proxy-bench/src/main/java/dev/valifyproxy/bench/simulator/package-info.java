/**
 * What the token pool does under every kind of load, in virtual time: the real pool and simpler schemes against the same calls and
 * the same issuer. Everything follows from a seed; no wall clock is read.
 *
 * <pre>
 * mvn -q -pl proxy-bench -am -DskipTests package
 * java -cp "proxy-bench/target/classes:proxy-bench/target/lib/*" dev.valifyproxy.bench.simulator.Simulator \
 *     [--trace step,cold-burst] [--scheme ours,fixed] [--seeds 20] [-c FILE] [--out docs/token-pool]
 * </pre>
 */
@NullMarked
package dev.valifyproxy.bench.simulator;

import org.jspecify.annotations.NullMarked;
