/**
 * A look-alike of the Valify API for demonstrations, tests and benchmarks: strict about tokens, truthful in its answers
 * and, on request, as unpleasant as a network can be. Start with {@link dev.valifyproxy.sandbox.Sandbox}.
 */
@NullMarked
package dev.valifyproxy.sandbox;

import org.jspecify.annotations.NullMarked;
