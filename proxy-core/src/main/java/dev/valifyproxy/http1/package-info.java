/** What only HTTP/1.1 knows, on both sides. */
@NullMarked
package dev.valifyproxy.http1;

import org.jspecify.annotations.NullMarked;
