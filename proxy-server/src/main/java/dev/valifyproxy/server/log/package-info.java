/** What the program writes down of each mint, if it is told to. */
@NullMarked
package dev.valifyproxy.server.log;

import org.jspecify.annotations.NullMarked;
