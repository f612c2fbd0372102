package dev.valifyproxy.injection;

import dev.valifyproxy.token.Shortage;

/**
 * User event: no token came for the head that was written, which did not go out.
 *
 * @param shortage why
 */
public record TokenUnavailable(Shortage shortage) {}
