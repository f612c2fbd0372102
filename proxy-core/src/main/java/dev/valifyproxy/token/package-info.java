/** The pool of tokens that are consumed by use and by time. Knows nothing of Netty or HTTP. */
@NullMarked
package dev.valifyproxy.token;

import org.jspecify.annotations.NullMarked;
