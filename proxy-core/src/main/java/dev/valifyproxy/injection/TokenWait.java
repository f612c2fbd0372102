package dev.valifyproxy.injection;

/**
 * User event: the head that was written has gone out after a wait for its token.
 *
 * @param nanos how long it waited
 */
public record TokenWait(long nanos) {}
