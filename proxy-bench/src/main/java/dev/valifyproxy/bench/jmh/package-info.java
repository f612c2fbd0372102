/** Micro-benchmarks, for {@code org.openjdk.jmh.Main}. */
@NullMarked
package dev.valifyproxy.bench.jmh;

import org.jspecify.annotations.NullMarked;
