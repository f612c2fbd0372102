/** Puts the program's configuration together: system properties, environment, files, defaults. */
@NullMarked
package dev.valifyproxy.server.settings;

import org.jspecify.annotations.NullMarked;
