/** Who calls, and the token path that is answered here. */
@NullMarked
package dev.valifyproxy.clientauth;

import org.jspecify.annotations.NullMarked;
