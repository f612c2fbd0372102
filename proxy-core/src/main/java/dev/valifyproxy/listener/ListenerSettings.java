package dev.valifyproxy.listener;

/**
 * Where clients are accepted; section {@code server}, and {@code limits.max-connections}.
 *
 * @param bind address or host name of an interface
 * @param port TCP port; 0 lets the system pick one
 * @param maxConnections client connections at the most; one more is closed at once
 */
public record ListenerSettings(String bind, int port, int maxConnections) {}
