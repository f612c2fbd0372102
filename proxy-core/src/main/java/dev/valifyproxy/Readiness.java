package dev.valifyproxy;

/**
 * Whether the proxy should be sent calls.
 *
 * @param ready whether it should
 * @param reason one sentence on why, or on what is amiss although it is ready
 */
public record Readiness(boolean ready, String reason) {}
