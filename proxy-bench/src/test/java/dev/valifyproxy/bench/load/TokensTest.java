package dev.valifyproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokensTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "fine",
            value = {
                "10, 0, 10, fine",
                "10, 0, 11, performed more often than called: 11 for 10",
                "10, 0,  9, answered without a use of a token: 1",
                "10, 2, 10, fine",
                "10, 2, 12, fine",
                "10, 2, 13, performed more often than called: 13 for 12",
            })
    void every_right_answer_was_performed_once_and_a_lost_one_at_most_once(
            long right, long broken, long accepted, String problem) {
        Outcome outcome = new Outcome();
        outcome.count(Verdict.RIGHT, right);
        outcome.count(Verdict.BROKEN, broken);

        assertThat(Tokens.problem(new Ledger.Counts(0, accepted, 0), outcome)).isEqualTo(problem);
    }
}
