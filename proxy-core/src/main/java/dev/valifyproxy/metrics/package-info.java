/** The meters. They listen; nobody calls them. */
@NullMarked
package dev.valifyproxy.metrics;

import org.jspecify.annotations.NullMarked;
