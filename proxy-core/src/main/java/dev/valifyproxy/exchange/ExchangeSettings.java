package dev.valifyproxy.exchange;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Bounds and deadlines of a call, from sections {@code limits} and {@code timeouts}.
 *
 * @param maxRequests calls in progress at the most
 * @param maxRequestBody bytes of a request's body
 * @param maxReplayBody bytes of one call's body held for a second try
 * @param maxReplayMemory memory that all held bodies may pin, in bytes
 * @param responseHeadTimeout from the end of the request to the upstream's head
 * @param responseIdleTimeout between two reads of an answer, counted only while we read
 * @param totalTimeout for a whole call; null for none
 */
public record ExchangeSettings(
        int maxRequests,
        long maxRequestBody,
        long maxReplayBody,
        long maxReplayMemory,
        Duration responseHeadTimeout,
        Duration responseIdleTimeout,
        @Nullable Duration totalTimeout) {}
