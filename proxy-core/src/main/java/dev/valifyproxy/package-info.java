/**
 * An authenticating reverse proxy for the Valify eKYC API, to run by itself or to embed: {@link dev.valifyproxy.Proxy}.
 *
 * <p>This package puts the rooms together and does nothing else.
 */
@NullMarked
package dev.valifyproxy;

import org.jspecify.annotations.NullMarked;
