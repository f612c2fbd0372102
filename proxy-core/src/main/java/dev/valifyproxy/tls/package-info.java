/** TLS contexts from bytes. */
@NullMarked
package dev.valifyproxy.tls;

import org.jspecify.annotations.NullMarked;
