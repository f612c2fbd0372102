package dev.valifyproxy.http1;

import java.time.Duration;

/**
 * Bounds and deadlines of HTTP/1.1 connections, from sections {@code limits} and {@code timeouts}.
 *
 * @param maxRequestLine bytes of a request line or status line
 * @param maxHead bytes of a head's fields
 * @param maxHeaders fields of a head
 * @param requestHeadTimeout from a request's first byte to the end of its head
 * @param requestIdleTimeout how long a request's body may pause, counted only while we read
 * @param minUploadRate bytes of a request's body that are worth a second more, up to {@code requestIdleTimeout}; 0 for any that arrive
 *     being worth all of it
 * @param clientIdleTimeout between two requests of a kept connection
 */
public record Http1Settings(
        int maxRequestLine,
        int maxHead,
        int maxHeaders,
        Duration requestHeadTimeout,
        Duration requestIdleTimeout,
        int minUploadRate,
        Duration clientIdleTimeout) {}
