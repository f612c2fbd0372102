package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The small parts that decide when and how much to mint. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PoolPartsTest {

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class DemandTest {

        private static final double PER_SECOND = 1e-9;

        private final Demand demand = new Demand(0);
        private long now;
        private long arrivals;

        @Test
        void a_rate_that_lasts_is_known_after_two_looks() {
            pass(Duration.ofMillis(100), 50);
            assertThat(demand.ratePerNano()).isLessThan(20 * PER_SECOND);

            pass(Duration.ofMillis(100), 50);
            assertThat(demand.ratePerNano()).isCloseTo(500 * PER_SECOND, within(1e-12));
        }

        @Test
        void a_look_within_a_tenth_of_a_second_of_the_last_sees_nothing_new() {
            pass(Duration.ofMillis(99), 100);
            assertThat(demand.ratePerNano()).isZero();
        }

        @Test
        void a_trickle_is_averaged() {
            for (int second = 0; second < 60; second++) {
                pass(Duration.ofMillis(100), 1);
                pass(Duration.ofMillis(900), 0);
            }
            assertThat(demand.ratePerNano()).isCloseTo(1 * PER_SECOND, within(0.2 * PER_SECOND));
        }

        @Test
        void it_fades_when_nothing_comes() {
            pass(Duration.ofSeconds(1), 1_000);
            pass(Duration.ofSeconds(1), 1_000);

            pass(Duration.ofMinutes(3), 0);
            assertThat(demand.ratePerNano()).isLessThan(0.001 * PER_SECOND);
        }

        @Test
        void calls_that_leave_the_line_make_no_negative_rate() {
            pass(Duration.ofSeconds(1), 100);
            pass(Duration.ofSeconds(1), -100);

            assertThat(demand.ratePerNano()).isNotNegative();
        }

        private void pass(Duration time, long came) {
            now += time.toNanos();
            arrivals += came;
            demand.observe(arrivals, now);
        }
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class LatencyWindowTest {

        private final LatencyWindow window = new LatencyWindow();

        @Test
        void it_is_zero_before_the_first() {
            assertThat(window.highNanos()).isZero();
        }

        @Test
        void one_is_all_there_is() {
            window.record(7);
            assertThat(window.highNanos()).isEqualTo(7);
        }

        @Test
        void nine_of_ten_are_no_higher() {
            for (int nanos = 10; nanos > 0; nanos--) {
                window.record(nanos);
            }
            assertThat(window.highNanos()).isEqualTo(9);
        }

        @Test
        void only_the_last_sixty_four_count() {
            window.record(1_000_000);
            for (int mint = 0; mint < 63; mint++) {
                window.record(1_000_000);
            }
            for (int mint = 0; mint < 64; mint++) {
                window.record(1);
            }
            assertThat(window.highNanos()).isEqualTo(1);
        }

        @Test
        void it_goes_on_forever() {
            for (int mint = 0; mint < 1_000; mint++) {
                window.record(mint);
            }
            // Sorted for eight at once.
            assertThat(window.highNanos()).isBetween(985L, 993L);
        }
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class BackoffTest {

        private final Backoff longest = new Backoff(always(Math.nextDown(1.0)));

        @Test
        void the_pause_doubles_up_to_five_seconds_while_calls_wait() {
            assertThat(longest.afterFailure(null, true)).isCloseTo(Duration.ofMillis(100), Duration.ofNanos(9));
            assertThat(longest.afterFailure(null, true)).isCloseTo(Duration.ofMillis(200), Duration.ofNanos(9));
            for (int failure = 0; failure < 100; failure++) {
                longest.afterFailure(null, true);
            }
            assertThat(longest.afterFailure(null, true)).isCloseTo(Duration.ofSeconds(5), Duration.ofNanos(9));
            assertThat(longest.afterFailure(null, false)).isCloseTo(Duration.ofSeconds(30), Duration.ofNanos(9));
        }

        @Test
        void it_is_anything_up_to_that_but_never_nothing() {
            Backoff shortest = new Backoff(always(0));
            assertThat(shortest.afterFailure(null, true)).isEqualTo(Duration.ofMillis(10));

            Backoff any = new Backoff(new Random(1));
            assertThat(any.afterFailure(null, true)).isBetween(Duration.ofMillis(10), Duration.ofMillis(100));
        }

        @Test
        void a_success_makes_the_next_failure_a_first_one() {
            longest.afterFailure(null, true);
            longest.whileRefused();
            longest.reset();

            assertThat(longest.afterFailure(null, true)).isLessThan(Duration.ofMillis(101));
            assertThat(longest.whileRefused()).isEqualTo(Duration.ofSeconds(30));
        }

        @Test
        void what_the_issuer_asks_for_counts_within_reason() {
            assertThat(longest.afterFailure(Duration.ofSeconds(7), true)).isEqualTo(Duration.ofSeconds(7));
            assertThat(longest.afterFailure(Duration.ZERO, true)).isEqualTo(Duration.ofSeconds(1));
            assertThat(longest.afterFailure(Duration.ofDays(1), false)).isEqualTo(Duration.ofSeconds(60));
        }

        @Test
        void refused_credentials_rest_thirty_seconds_doubling_to_ten_minutes() {
            long[] seconds = {30, 60, 120, 240, 480, 600, 600};
            for (long pause : seconds) {
                assertThat(longest.whileRefused()).isEqualTo(Duration.ofSeconds(pause));
            }
        }

        private RandomGenerator always(double value) {
            return new RandomGenerator() {
                @Override
                public long nextLong() {
                    return 0;
                }

                @Override
                public double nextDouble() {
                    return value;
                }
            };
        }
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class ReplayBudgetTest {

        private final ReplayBudget budget = new ReplayBudget();

        @Test
        void sixty_four_second_tries_may_be_made_at_once() {
            assertThat(spendAll()).isEqualTo(64);
        }

        @Test
        void ten_calls_earn_one_and_nine_do_not() {
            spendAll();
            calls(9);
            assertThat(budget.trySpend()).isFalse();
            calls(1);
            assertThat(budget.trySpend()).isTrue();
            assertThat(budget.trySpend()).isFalse();
        }

        @Test
        void no_more_than_sixty_four_are_saved() {
            calls(10_000);
            assertThat(spendAll()).isEqualTo(64);
        }

        private void calls(int count) {
            for (int call = 0; call < count; call++) {
                budget.call();
            }
        }

        private int spendAll() {
            int spent = 0;
            while (budget.trySpend()) {
                spent++;
            }
            return spent;
        }
    }
}
