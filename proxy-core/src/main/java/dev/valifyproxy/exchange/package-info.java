/** One call, from its head to its end. */
@NullMarked
package dev.valifyproxy.exchange;

import org.jspecify.annotations.NullMarked;
