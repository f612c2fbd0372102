package dev.valifyproxy.worker;

import org.jspecify.annotations.Nullable;

/**
 * The event loops; part of section {@code server}.
 *
 * @param transport how sockets are driven; null for the best that works here
 * @param count event loops, at least 1
 */
public record WorkerSettings(@Nullable Transport transport, int count) {}
