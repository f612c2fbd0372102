/** Reads HOCON into the settings records that live in the rooms they configure. */
@NullMarked
package dev.valifyproxy.config;

import org.jspecify.annotations.NullMarked;
