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

/** Generated answers, good and damaged, on their way from the upstream's bytes to the client's. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnswerStreamTest {

    private static final int STREAMS = Integer.getInteger("fuzz.streams", 500);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void valid_answers_reach_the_client_as_they_were_meant_however_they_are_cut(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Streams streams = new Streams(random);
        for (int i = 0; i < STREAMS; i++) {
            AnswerRun.Asked asked = AnswerRun.Asked.of(random.nextLong());
            byte[] stream = streams.answer(asked.head());
            Parsed strict = StrictHttp.answer(stream, asked.head(), !asked.reset(), Set.of());
            assertThat(strict.refusal()).as(text(seed, stream, asked)).isNull();
            AnswerRun.Outcome outcome = checked(seed, stream, asked, random.nextLong());
            if (strict.unfinished() == null) {
                assertThat(AnswerCheck.isOurs(AnswerCheck.client(outcome, asked)))
                        .as(text(seed, stream, asked))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void of_damaged_answers_nothing_is_relayed_that_a_strict_parser_reads_differently(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Streams streams = new Streams(random);
        Mutations mutations = new Mutations(random);
        for (int i = 0; i < STREAMS; i++) {
            AnswerRun.Asked asked = AnswerRun.Asked.of(random.nextLong());
            checked(seed, mutations.of(streams.answer(asked.head())), asked, random.nextLong());
        }
    }

    private static AnswerRun.Outcome checked(long seed, byte[] stream, AnswerRun.Asked asked, long cut) {
        try {
            return AnswerCheck.check(stream, asked, cut);
        } catch (Throwable e) {
            throw new AssertionError(text(seed, stream, asked), e);
        }
    }

    private static String text(long seed, byte[] stream, AnswerRun.Asked asked) {
        return "seed " + seed + ", " + asked + ", stream:\n" + Runs.readable(stream);
    }
}
