/** The admin port: metrics, health and status, apart from the port that clients call. */
@NullMarked
package dev.valifyproxy.server.admin;

import org.jspecify.annotations.NullMarked;
