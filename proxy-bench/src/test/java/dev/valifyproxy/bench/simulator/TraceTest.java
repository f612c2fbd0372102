package dev.valifyproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TraceTest {

    private static final long LENGTH = Duration.ofSeconds(1_000).toNanos();

    static Stream<Arguments> traces() {
        return Stream.of(
                Arguments.of("constant", Trace.constant(20), 20_000, 1),
                Arguments.of("Poisson", Trace.poisson(20), 20_000, 1_000),
                Arguments.of("heavy tail", Trace.heavyTail(20, 1.5), 20_000, 8_000),
                Arguments.of("batches", Trace.batches(20, 2.5), 24_000, 8_000),
                Arguments.of("wave", Trace.wave(20, 1_000), 10_000, 1_000),
                Arguments.of("step", Trace.step(5, 20, 500), 12_500, 1_000),
                Arguments.of("pulses", Trace.pulses(20, 10, 5, 40), 8_750, 1_000),
                Arguments.of("burst", Trace.burst(100, 3), 100, 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("traces")
    void as_many_calls_come_as_the_rate_says(String name, Trace trace, int calls, int more) {
        assertThat(trace.arrivals(LENGTH, new SplittableRandom(1)).size()).isCloseTo(calls, within(more));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("traces")
    void calls_come_in_order_and_within_the_length(String name, Trace trace) {
        long[] arrivals = nanos(trace.arrivals(LENGTH, new SplittableRandom(1)));

        assertThat(arrivals).isSorted();
        assertThat(arrivals[0]).isNotNegative();
        assertThat(arrivals[arrivals.length - 1]).isLessThan(LENGTH);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("traces")
    void the_same_seed_gives_the_same_calls(String name, Trace trace) {
        assertThat(nanos(trace.arrivals(LENGTH, new SplittableRandom(7))))
                .isEqualTo(nanos(trace.arrivals(LENGTH, new SplittableRandom(7))));
    }

    @Test
    void a_step_changes_the_rate_at_its_moment() {
        long[] arrivals = nanos(Trace.step(5, 250, 500).arrivals(LENGTH, new SplittableRandom(1)));
        long before = IntStream.range(0, arrivals.length)
                .filter(call -> arrivals[call] < LENGTH / 2)
                .count();

        assertThat(before).isCloseTo(2_500, within(200L));
        assertThat(arrivals.length - before).isCloseTo(125_000, within(1_500L));
    }

    private static long[] nanos(Times times) {
        return IntStream.range(0, times.size()).mapToLong(times::get).toArray();
    }
}
