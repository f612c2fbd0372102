package dev.valifyproxy.server.admin;

/**
 * One answer to "is it well?".
 *
 * @param ok whether it is
 * @param reason one sentence for an operator, also when it is well; holds no secret, since whoever reaches the admin port reads it
 */
public record Health(boolean ok, String reason) {}
