/**
 * What a call through the proxy costs, measured: an open-loop load generator, a fast upstream that is strict about tokens, the guard that
 * counts what a call allocates and asks of the system, and the plots of what {@code bench/side-by-side} found.
 *
 * <pre>
 * mvn -q -pl proxy-bench -am -DskipTests package
 * java -cp "proxy-bench/target/classes:proxy-bench/target/lib/*" dev.valifyproxy.bench.load.LoadGenerator \
 *     --rate 5000 --ledger http://127.0.0.1:9000 http://127.0.0.1:8080/api/v1.5/ocr/
 * </pre>
 */
@NullMarked
package dev.valifyproxy.bench.load;

import org.jspecify.annotations.NullMarked;
