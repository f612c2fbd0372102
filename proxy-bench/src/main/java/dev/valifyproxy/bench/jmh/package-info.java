/**
 * Micro-benchmarks.
 *
 * <pre>
 * mvn -q -pl proxy-bench -am -DskipTests package
 * java -cp "proxy-bench/target/classes:proxy-bench/target/lib/*" org.openjdk.jmh.Main TakeReadyUse
 * </pre>
 */
@NullMarked
package dev.valifyproxy.bench.jmh;

import org.jspecify.annotations.NullMarked;
