/**
 * The real proxy under random faults for a while, with an account of every call: what each client saw, what the proxy counted and what the
 * upstream was sent must be one and the same story, and nothing may be left behind. The faults and the work follow from a seed; the order in
 * which they meet does not.
 *
 * <pre>
 * mvn -q -pl proxy-bench -am -DskipTests package
 * java -Xmx1g -Dio.netty.allocator.type=pooled -Dio.netty.allocator.numHeapArenas=0 \
 *     -cp "proxy-bench/target/classes:proxy-bench/target/lib/*" dev.valifyproxy.bench.soak.Soak [--minutes 10] [--connections 200] [--seed N] [--transport epoll] [--faults all]
 * </pre>
 */
@NullMarked
package dev.valifyproxy.bench.soak;

import org.jspecify.annotations.NullMarked;
