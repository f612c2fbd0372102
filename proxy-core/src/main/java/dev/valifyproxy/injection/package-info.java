/** The token on the wire: puts it on a request's head, and reads from the answer whether it was refused. */
@NullMarked
package dev.valifyproxy.injection;

import org.jspecify.annotations.NullMarked;
