package dev.valifyproxy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.StrictHttp;
import dev.valifyproxy.testing.StrictHttp.Parsed;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated requests, good and damaged, on their way from the client's bytes to the upstream's. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RequestStreamTest {

    private static final int STREAMS = Integer.getInteger("fuzz.streams", 500);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void valid_requests_reach_the_upstream_as_they_were_meant_however_they_are_cut(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Streams streams = new Streams(random);
        for (int i = 0; i < STREAMS; i++) {
            byte[] stream = streams.requests();
            Parsed strict = StrictHttp.requests(stream, Set.of());
            assertThat(strict.refusal()).as(text(seed, stream)).isNull();
            RequestRun.Outcome outcome = checked(seed, stream, random.nextLong());
            assertThat(outcome.refused()).as(text(seed, stream)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void of_damaged_requests_nothing_is_let_through_that_a_strict_parser_reads_differently(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Streams streams = new Streams(random);
        Mutations mutations = new Mutations(random);
        int refused = 0;
        for (int i = 0; i < STREAMS; i++) {
            byte[] stream = mutations.of(streams.requests());
            refused += checked(seed, stream, random.nextLong()).refused() ? 1 : 0;
        }
        assertThat(refused).as("streams refused, seed %d", seed).isBetween(STREAMS / 10, STREAMS * 9 / 10);
    }

    private static RequestRun.Outcome checked(long seed, byte[] stream, long cut) {
        try {
            return RequestCheck.check(stream, cut);
        } catch (Throwable e) {
            throw new AssertionError(text(seed, stream), e);
        }
    }

    private static String text(long seed, byte[] stream) {
        return "seed " + seed + ", stream:\n" + Runs.readable(stream);
    }
}
