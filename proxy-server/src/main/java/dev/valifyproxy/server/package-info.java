/** The program: command line and life cycle. */
@NullMarked
package dev.valifyproxy.server;

import org.jspecify.annotations.NullMarked;
