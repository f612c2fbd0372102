/** Accepts clients. */
@NullMarked
package dev.valifyproxy.listener;

import org.jspecify.annotations.NullMarked;
