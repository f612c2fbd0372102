package dev.valifyproxy.server;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line, in the spelling of the configuration: {@code 150ms}. */
final class DurationConverter implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        try {
            if (text.matches("[0-9]+ *[A-Za-z]+")) {
                return ConfigFactory.parseMap(Map.of("it", text)).getDuration("it");
            }
        } catch (ConfigException.BadValue e) {
            // An unknown unit is told like any other text.
        }
        throw new TypeConversionException("'" + text + "' is not a whole number with a unit, such as 150ms or 2s");
    }
}
