/** Values that must never be printed. */
@NullMarked
package dev.valifyproxy.secret;

import org.jspecify.annotations.NullMarked;
