package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.token.MintPolicy.Forecast;
import dev.valifyproxy.token.MintPolicy.Stock;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MintPolicyTest {

    private static final double PER_SECOND = 1e-9;
    private static final long MINT_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LIFE_NANOS = Duration.ofSeconds(595).toNanos();

    private final MintPolicy policy = new MintPolicy(3);

    @ParameterizedTest(name = "{0} ready, {1} due, {2} mints, {3} waiting: {4} mints")
    @CsvSource({
        "  3, 0,  0,   0,  0",
        "  2, 0,  0,   0,  1",
        "  0, 0,  0,   0,  1",
        "  0, 0,  1,   0,  0",
        "  3, 3,  0,   0,  1",
        "  4, 1,  0,   0,  0",
        "  0, 0,  0, 100, 35",
        "  0, 0, 34, 100,  1",
        "  0, 0, 35, 100,  0",
    })
    void without_a_forecast_it_mints_for_who_waits_what_is_due_and_the_floor(
            int ready, int due, int mints, int waiting, int wanted) {
        assertThat(policy.mintsWanted(
                        new Stock(ready, due, mints, waiting, 0, 0, 3, MINT_NANOS, LIFE_NANOS, Forecast.NONE)))
                .isEqualTo(wanted);
    }

    @ParameterizedTest(name = "{0} want newer, {1} mints will do: {2} mints")
    @CsvSource({"0, 0, 0", "1, 0, 1", "3, 0, 1", "4, 0, 2", "1, 1, 0", "3, 1, 0", "4, 1, 1"})
    void calls_that_want_a_newer_token_are_not_served_by_what_is_ready(int newer, int newerMints, int wanted) {
        assertThat(policy.mintsWanted(new Stock(
                        100, 0, newerMints, newer, newer, newerMints, 3, MINT_NANOS, LIFE_NANOS, Forecast.NONE)))
                .isEqualTo(wanted);
    }

    @ParameterizedTest(name = "{0} calls/s: {1} uses")
    @CsvSource({
        // The floor, what is taken while a mint and a stall last, four deviations.
        "   1,    6",
        "  10,   14",
        " 100,   55",
        "1000,  320",
    })
    void for_a_rate_it_keeps_what_a_mint_lasts_and_four_deviations(int rate, int uses) {
        Forecast forecast = new Forecast(rate * PER_SECOND, rate * PER_SECOND, 0, 0, 0);

        assertThat(wanted(forecast)).isEqualTo(uses);
    }

    @ParameterizedTest(name = "{0} calls/s, {1} of them so far: {2} uses")
    @CsvSource({
        // Thirty, or 4 % of what was taken.
        "1000,  100,  33",
        "1000, 1000,  43",
        "1000, 1490,  62",
        // As old as a second and a half: no burst any more.
        "1000, 1500, 320",
        // What is needed is less.
        "  10,    1,  14",
    })
    void a_load_that_may_be_a_burst_leaves_no_heap_behind(int rate, int taken, int uses) {
        assertThat(wanted(new Forecast(rate * PER_SECOND, taken / 10.0 * PER_SECOND, 0, 0, 0)))
                .isEqualTo(uses);
    }

    @Test
    void while_calls_wait_the_rate_counts_half_as_much_again() {
        Forecast forecast = new Forecast(1_000 * PER_SECOND, 1_000 * PER_SECOND, 0, 0, 0);
        Stock waiting = new Stock(0, 0, 0, 1, 0, 0, 1, MINT_NANOS, LIFE_NANOS, forecast);

        // The floor, the one in line, 220 ms of 1,500 calls/s, four deviations of one use a token.
        assertThat(policy.mintsWanted(waiting)).isEqualTo(3 + 1 + 330 + 56);
    }

    @Test
    void a_lasting_load_keeps_half_a_minute_of_itself_beside() {
        assertThat(wanted(new Forecast(0, 0, 2 * PER_SECOND, 0, 0))).isEqualTo(3 + 60);
    }

    @Test
    void tokens_that_live_for_a_minute_are_not_kept_to_die() {
        Stock stock = new Stock(
                0,
                0,
                0,
                0,
                0,
                0,
                1,
                MINT_NANOS,
                Duration.ofMinutes(1).toNanos(),
                new Forecast(0, 0, 2 * PER_SECOND, 0, 0));
        // An eighth of a minute.
        assertThat(policy.mintsWanted(stock)).isEqualTo(3 + 15);
    }

    @ParameterizedTest(name = "a peak of {0} at {1} calls/s in the mean: {2} uses")
    @CsvSource({
        // The peak and four deviations of it.
        " 25, 5, 48",
        "100, 5, 143",
        // No more than is used up in an eighth of a life.
        "100, 0.1, 10",
        "100, 0, 3",
        "  1, 0.01, 3",
    })
    void for_a_peak_that_may_come_again_it_keeps_what_will_be_used_up_anyway(double peak, double mean, int uses) {
        assertThat(wanted(new Forecast(0, 0, 0, mean * PER_SECOND, peak))).isEqualTo(uses);
    }

    @Test
    void mints_start_in_batches_of_a_quarter_of_the_margin() {
        Forecast forecast = new Forecast(100 * PER_SECOND, 100 * PER_SECOND, 0, 0, 0);
        Stock stock = new Stock(0, 0, 2, 0, 0, 0, 3, MINT_NANOS, LIFE_NANOS, forecast);

        // 55 are wanted, 30 of them margin; two mints are under way.
        assertThat(policy.lowWater(stock)).isEqualTo(55 - 7 - 6);
    }

    /** With one use a token, each use is a mint. */
    private int wanted(Forecast forecast) {
        int three = policy.mintsWanted(new Stock(0, 0, 0, 0, 0, 0, 3, MINT_NANOS, LIFE_NANOS, forecast));
        for (int ready = 0; ready <= 3 * three; ready++) {
            if (policy.mintsWanted(new Stock(ready, 0, 0, 0, 0, 0, 3, MINT_NANOS, LIFE_NANOS, forecast)) == 0) {
                return ready;
            }
        }
        return 3 * three;
    }
}
