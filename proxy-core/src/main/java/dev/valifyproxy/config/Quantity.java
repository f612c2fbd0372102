package dev.valifyproxy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is counted with a unit. The library alone would take a bare number for milliseconds or bytes, and cut fractions. */
enum Quantity {
    /** Counted in nanoseconds. */
    DURATION(
            "a duration",
            "10 s or 10 ms",
            "0 s",
            new Unit("d", 86_400_000_000_000L),
            new Unit("h", 3_600_000_000_000L),
            new Unit("m", 60_000_000_000L),
            new Unit("s", 1_000_000_000L),
            new Unit("ms", 1_000_000L)) {
        @Override
        BigInteger countOf(Config one) {
            return BigInteger.valueOf(one.getDuration(KEY).toNanos());
        }
    },
    /** Counted in bytes. */
    SIZE(
            "a size",
            "10 KiB or 10 MiB",
            "0 B",
            new Unit("GiB", 1L << 30),
            new Unit("MiB", 1L << 20),
            new Unit("KiB", 1L << 10),
            new Unit("B", 1)) {
        @Override
        BigInteger countOf(Config one) {
            return one.getMemorySize(KEY).toBytesBigInteger();
        }
    };

    private static final String KEY = "one";
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]*\\.?[0-9]+");
    private static final Pattern WHOLE_WITH_UNIT = Pattern.compile("([0-9]+) *([A-Za-z]+)");

    private record Unit(String name, long count) {}

    private final String noun;
    private final String examples;
    private final String zero;
    private final Unit[] units;

    Quantity(String noun, String examples, String zero, Unit... units) {
        this.noun = noun;
        this.examples = examples;
        this.zero = zero;
        this.units = units;
    }

    /** What one of a unit counts, as the library knows its units. */
    abstract BigInteger countOf(Config one);

    /**
     * Reads a whole number with its unit.
     *
     * @throws IllegalArgumentException if it is none, or out of bounds; the message says what would be right
     */
    long parse(String text, long min, long max) {
        if (NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("needs a unit, such as " + examples);
        }
        Matcher matcher = WHOLE_WITH_UNIT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be " + noun + ", a whole number with a unit, such as " + examples);
        }
        BigInteger value = new BigInteger(matcher.group(1)).multiply(countOf(matcher.group(2)));
        if (value.compareTo(BigInteger.valueOf(min)) < 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
            throw new IllegalArgumentException("must be " + format(min) + " to " + format(max));
        }
        return value.longValueExact();
    }

    private BigInteger countOf(String unit) {
        try {
            return countOf(ConfigFactory.parseMap(Map.of(KEY, "1 " + unit)));
        } catch (ConfigException.BadValue e) {
            throw new IllegalArgumentException("has an unknown unit: must be such as " + examples, e);
        }
    }

    /** In the largest unit that divides it. */
    private String format(long count) {
        if (count == 0) {
            return zero;
        }
        for (Unit unit : units) {
            if (count % unit.count() == 0) {
                return count / unit.count() + " " + unit.name();
            }
        }
        throw new IllegalArgumentException("a bound of " + count + " has no unit of its own");
    }
}
