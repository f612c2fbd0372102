/** Tokens by OAuth 2.0's password grant. */
@NullMarked
package dev.valifyproxy.oauth;

import org.jspecify.annotations.NullMarked;
