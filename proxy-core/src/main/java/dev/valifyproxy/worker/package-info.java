/** What one event loop owns. */
@NullMarked
package dev.valifyproxy.worker;

import org.jspecify.annotations.NullMarked;
