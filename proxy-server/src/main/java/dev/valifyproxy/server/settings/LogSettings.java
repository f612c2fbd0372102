package dev.valifyproxy.server.settings;

import dev.valifyproxy.config.Section;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.Level;

/**
 * What is logged; section {@code log}.
 *
 * @param level the least severe events that are logged
 * @param format how they are written
 * @param mints whether each mint is written down, whatever the level
 */
public record LogSettings(Level level, Format format, boolean mints) {

    /** {@code log.format}. */
    public enum Format {
        /** For people. */
        TEXT,
        /** One object a line. */
        JSON
    }

    static LogSettings from(Section log) {
        String level = log.wordFrom("level", List.of("error", "warn", "info", "debug", "trace"));
        String format = log.wordFrom("format", List.of("text", "json"));
        return new LogSettings(
                Level.valueOf(level.toUpperCase(Locale.ROOT)),
                Format.valueOf(format.toUpperCase(Locale.ROOT)),
                log.booleanFrom("mints"));
    }
}
