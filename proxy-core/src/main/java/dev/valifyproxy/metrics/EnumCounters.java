package dev.valifyproxy.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** A counter for each constant of an enum; to find one costs a load. */
final class EnumCounters<E extends Enum<E>> {

    private final Map<E, Counter> counters;

    EnumCounters(Class<E> type, Function<E, Counter> register) {
        counters = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            counters.put(constant, register.apply(constant));
        }
    }

    Counter of(E constant) {
        return requireNonNull(counters.get(constant));
    }
}
