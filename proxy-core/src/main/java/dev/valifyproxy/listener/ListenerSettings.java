package dev.valifyproxy.listener;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where clients are accepted, and how many; section {@code server}, and of {@code limits} and {@code timeouts} what concerns connections.
 *
 * @param bind address or host name of an interface
 * @param port TCP port; 0 lets the system pick one
 * @param maxConnections client connections at the most; one more is closed at once
 * @param maxConnectionsPerSource the same for those of one source address, or one /64 of IPv6; null for no such limit
 * @param clientWriteTimeout how long a client may take nothing of what is written to it
 */
public record ListenerSettings(
        String bind,
        int port,
        int maxConnections,
        @Nullable Integer maxConnectionsPerSource,
        Duration clientWriteTimeout) {}
