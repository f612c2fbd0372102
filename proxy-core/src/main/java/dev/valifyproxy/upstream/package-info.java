/** Connections to the origin that calls are forwarded to. */
@NullMarked
package dev.valifyproxy.upstream;

import org.jspecify.annotations.NullMarked;
