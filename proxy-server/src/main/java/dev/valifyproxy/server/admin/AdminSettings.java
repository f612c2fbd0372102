package dev.valifyproxy.server.admin;

/**
 * Where the admin port listens; section {@code admin}.
 *
 * @param bind address or host name of an interface
 * @param port TCP port; 0 lets the system pick one
 */
public record AdminSettings(String bind, int port) {}
