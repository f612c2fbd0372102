/** Rules and errors of HTTP as pure functions and values, the same for every version. */
@NullMarked
package dev.valifyproxy.http;

import org.jspecify.annotations.NullMarked;
