package dev.valifyproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.bench.simulator.MintRule.Stock;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MintRuleTest {

    private static final double MINT_NANOS = Duration.ofMillis(200).toNanos();

    @ParameterizedTest(name = "{0} mints, {1} waiting: {2}")
    @CsvSource({"0, 0, 0", "0, 1, 1", "0, 100, 1", "1, 100, 0"})
    void one_token_is_asked_for_at_a_time_and_only_when_a_call_waits(int mints, int waiting, int expected) {
        assertThat(new SingleToken().mintsToStart(stock(0, mints, waiting))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} uses, {1} mints, {2} waiting: {3}")
    @CsvSource({"0, 0, 0, 22", "62, 0, 0, 1", "64, 0, 0, 0", "61, 1, 0, 0", "0, 22, 2, 0", "0, 22, 3, 1", "90, 0, 0, 0"
    })
    void a_fixed_reserve_is_filled_up(int uses, int mints, int waiting, int expected) {
        assertThat(new FixedReserve(64, 3).mintsToStart(stock(uses, mints, waiting)))
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} uses, {1} mints: {2}")
    @CsvSource({"16, 0, 0", "15, 0, 22", "15, 1, 0", "0, 22, 0"})
    void a_batch_is_asked_for_below_the_mark_and_never_two_at_once(int uses, int mints, int expected) {
        assertThat(new Watermark(16, 64, 3).mintsToStart(stock(uses, mints, 0))).isEqualTo(expected);
    }

    @Test
    void a_moving_average_keeps_what_calls_take_while_a_mint_is_under_way() {
        PlainEwma rule = new PlainEwma(Duration.ofSeconds(1), 1.5, 3, 3);
        int mints = 0;
        for (int tenth = 1; tenth <= 100; tenth++) {
            long now = Duration.ofMillis(100L * tenth).toNanos();
            mints = rule.mintsToStart(new Stock(now, 0, 0, 0, 10L * tenth, MINT_NANOS));
        }

        // 100 calls/s x 0.2 s x 1.5 + 3 = 33 uses
        assertThat(mints).isEqualTo(11);
    }

    private static Stock stock(int uses, int mints, int waiting) {
        return new Stock(0, uses, mints, waiting, 0, MINT_NANOS);
    }
}
