package dev.valifyproxy.server.admin;

import dev.valifyproxy.StatusReport;
import java.time.Duration;

/**
 * The program at one moment. Holds no secret, since whoever reaches the admin port reads it.
 *
 * @param uptime since the start of the process
 * @param transport how sockets are driven
 * @param readiness whether calls should be sent here
 * @param report the proxy's numbers
 */
public record Status(Duration uptime, String transport, Health readiness, StatusReport report) {}
