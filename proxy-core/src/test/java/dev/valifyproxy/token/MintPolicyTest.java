package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.token.MintPolicy.Stock;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MintPolicyTest {

    private static final long MINT_NANOS = Duration.ofMillis(100).toNanos();

    private final MintPolicy policy = new MintPolicy(3);

    @ParameterizedTest(name = "{0} ready, {1} due, {2} mints, {3} waiting, {4} calls/s: {5} mints")
    @CsvSource({
        "  3, 0,   0,    0,    0,   0",
        "  2, 0,   0,    0,    0,   1",
        "  0, 0,   0,    0,    0,   1",
        "  0, 0,   1,    0,    0,   0",
        "  3, 3,   0,    0,    0,   1",
        "  4, 1,   0,    0,    0,   0",
        "  0, 0,   0,  100,    0,  35",
        "  0, 0,  34,  100,    0,   1",
        "  0, 0,  35,  100,    0,   0",
        " 19, 0,   0,    0,  100,   1",
        " 20, 0,   0,    0,  100,   0",
        "  0, 0,   0,    0,  100,   7",
        "  3, 0,   0,    0,    2,   0",
        "100, 0,   0,    0,  100,   0",
    })
    void it_mints_what_is_missing(int ready, int due, int mints, int waiting, double callsPerSecond, int wanted) {
        Stock stock =
                new Stock(ready, due, mints, waiting, 0, 0, 3, callsPerSecond / 1e9, callsPerSecond / 1e9, MINT_NANOS);

        assertThat(policy.mintsWanted(stock)).isEqualTo(wanted);
    }

    @ParameterizedTest(name = "{0} want newer, {1} mints will do: {2} mints")
    @CsvSource({"0, 0, 0", "1, 0, 1", "3, 0, 1", "4, 0, 2", "1, 1, 0", "3, 1, 0", "4, 1, 1"})
    void calls_that_want_a_newer_token_are_not_served_by_what_is_ready(int newer, int newerMints, int wanted) {
        Stock stock = new Stock(100, 0, newerMints, newer, newer, newerMints, 3, 0, 0, MINT_NANOS);

        assertThat(policy.mintsWanted(stock)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({"0, 18", "1, 15", "6, 0", "50, 0"})
    void the_low_water_mark_is_an_eighth_of_the_reserve_below_where_a_mint_is_wanted(int mints, int mark) {
        Stock at = new Stock(mark, 0, mints, 0, 0, 0, 3, 100 / 1e9, 100 / 1e9, MINT_NANOS);
        Stock below = new Stock(mark - 1, 0, mints, 0, 0, 0, 3, 100 / 1e9, 100 / 1e9, MINT_NANOS);

        assertThat(policy.lowWater(at)).isEqualTo(mark);
        if (mark > 0) {
            assertThat(policy.mintsWanted(below)).isEqualTo(1);
        }
    }

    @Test
    void a_load_that_has_lasted_keeps_what_is_taken_while_the_mint_thread_is_late() {
        double perNano = 10_000 / 1e9;
        Stock burst = new Stock(0, 0, 0, 0, 0, 0, 3, perNano, 0, 0);
        Stock steady = new Stock(0, 0, 0, 0, 0, 0, 3, perNano, perNano, 0);

        assertThat(policy.mintsWanted(burst)).isEqualTo(1);
        assertThat(policy.mintsWanted(steady)).isEqualTo(68);
    }

    @Test
    void a_short_burst_leaves_no_more_behind_than_a_small_share_of_itself() {
        double burst = 5_000 / 1e9;
        double taken = 1_000 / 10.0 / 1e9;
        Stock after = new Stock(0, 0, 0, 0, 0, 0, 3, burst, taken, MINT_NANOS);

        // 4 % of 1,000, and the floor.
        assertThat(policy.mintsWanted(after)).isEqualTo(15);
    }
}
