package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The small parts that decide when and how much to mint. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PoolPartsTest {

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class LatencyWindowTest {

        private final LatencyWindow window = new LatencyWindow();

        @Test
        void it_is_zero_before_the_first() {
            assertThat(window.meanNanos()).isZero();
            assertThat(window.highestNanos()).isZero();
        }

        @Test
        void it_tells_the_mean_and_the_highest() {
            window.record(10);
            window.record(30);
            assertThat(window.meanNanos()).isEqualTo(20);
            assertThat(window.highestNanos()).isEqualTo(30);
        }

        @Test
        void only_the_last_sixty_four_count_however_long_it_goes_on() {
            for (int mint = 0; mint < 1_000; mint++) {
                window.record(1_000_000);
            }
            for (int mint = 0; mint < 64; mint++) {
                window.record(2);
            }
            assertThat(window.meanNanos()).isEqualTo(2);
            assertThat(window.highestNanos()).isEqualTo(2);
        }
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class MintQuotaTest {

        private static final long SECOND = 1_000_000_000L;

        @Test
        void no_more_than_so_many_are_sent_within_any_minute() {
            MintQuota quota = new MintQuota(2);
            quota.spend(0);
            quota.spend(20 * SECOND);
            assertThat(quota.left(59 * SECOND)).isZero();
            assertThat(quota.nextNanos()).isEqualTo(60 * SECOND);
            assertThat(quota.left(60 * SECOND)).isEqualTo(1);

            quota.spend(60 * SECOND);
            assertThat(quota.left(79 * SECOND)).isZero();
            assertThat(quota.nextNanos()).isEqualTo(80 * SECOND);
            assertThat(quota.left(200 * SECOND)).isEqualTo(2);
        }

        @Test
        void without_a_quota_there_is_no_end() {
            MintQuota quota = new MintQuota(PoolSettings.MintBounds.UNLIMITED);
            quota.spend(0);
            assertThat(quota.left(0)).isEqualTo(Integer.MAX_VALUE);
        }
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class MintGateTest {

        private final MintGate gate = new MintGate(new PoolSettings.MintBounds(10, 20, 8));

        @ParameterizedTest(name = "{0} wanted, {1} in flight, {2} tokens held: {3}, held back by {4}")
        @CsvSource({
            " 5,  0,  0,  5,",
            " 5,  5,  0,  5,",
            " 5,  6,  0,  4, MAX_CONCURRENT_MINTS",
            " 5, 12,  0,  0, MAX_CONCURRENT_MINTS",
            " 5,  0, 15,  5,",
            " 5,  0, 16,  4, MAX_TOKENS",
            " 5,  3, 16,  1, MAX_TOKENS",
            " 5,  0, 30,  0, MAX_TOKENS",
            " 9,  0,  0,  8, MAX_MINTS_PER_MINUTE",
            "20,  0,  0,  8, MAX_MINTS_PER_MINUTE",
            "20,  4,  0,  6, MAX_CONCURRENT_MINTS",
            "20,  0, 15,  5, MAX_TOKENS",
        })
        void the_tightest_bound_holds_and_is_named(int wanted, int inFlight, int held, int mints, MintLimit limit) {
            assertThat(gate.permit(wanted, 0, inFlight, held, MintState.HEALTHY, 0))
                    .isEqualTo(new MintGate.Permit(mints, limit));
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HEALTHY")
        void an_issuer_that_is_not_known_to_be_well_is_asked_one_at_a_time(MintState state) {
            assertThat(gate.permit(34, 0, 0, 0, state, 0)).isEqualTo(new MintGate.Permit(1, null));
            assertThat(gate.permit(34, 0, 1, 0, state, 0)).isEqualTo(new MintGate.Permit(0, null));
            assertThat(gate.permit(0, 0, 0, 0, state, 0)).isEqualTo(new MintGate.Permit(0, null));
        }

        @Test
        void tokens_that_are_held_keep_no_probe_back_and_no_mint_for_a_call_whose_token_was_refused() {
            assertThat(gate.permit(1, 0, 0, 20, MintState.BACKING_OFF, 0)).isEqualTo(new MintGate.Permit(1, null));
            assertThat(gate.permit(5, 2, 0, 20, MintState.HEALTHY, 0))
                    .isEqualTo(new MintGate.Permit(2, MintLimit.MAX_TOKENS));
        }

        @Test
        void not_even_a_probe_goes_beyond_the_quota() {
            MintGate single = new MintGate(new PoolSettings.MintBounds(10, 20, 1));
            single.sent(0);
            assertThat(single.permit(1, 0, 0, 0, MintState.BACKING_OFF, 1))
                    .isEqualTo(new MintGate.Permit(0, MintLimit.MAX_MINTS_PER_MINUTE));
        }

        @Test
        void a_limit_is_named_by_its_key() {
            assertThat(MintLimit.MAX_MINTS_PER_MINUTE.key()).isEqualTo("token.max-mints-per-minute");
        }
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class SuspendDetectorTest {

        private final VirtualTime time = new VirtualTime();
        private final SuspendDetector detector = new SuspendDetector(time, Duration.ofSeconds(5), time.getAsLong());

        @Test
        void a_wall_clock_that_went_on_while_the_ticker_stood_tells_for_how_long() {
            time.advance(Duration.ofSeconds(1));
            time.setWallClock(Duration.ofMinutes(20));
            assertThat(look()).isEqualTo(Duration.ofMinutes(20));
            assertThat(look()).isZero();
        }

        @Test
        void what_the_margin_covers_is_none() {
            time.setWallClock(Duration.ofSeconds(5));
            assertThat(look()).isZero();
        }

        @Test
        void a_clock_that_is_set_back_or_disciplined_is_none() {
            time.setWallClock(Duration.ofHours(-3));
            assertThat(look()).isZero();
            for (int second = 0; second < 3_600; second++) {
                time.advance(Duration.ofSeconds(1));
                time.setWallClock(Duration.ofMillis(1));
                assertThat(look()).isZero();
            }
        }

        @Test
        void a_clock_that_jumps_to_and_fro_is_heeded_once_a_minute_at_the_most() {
            int noticed = 0;
            for (int second = 0; second < 600; second++) {
                time.advance(Duration.ofSeconds(1));
                time.setWallClock(
                        Duration.ofHours(second / 40 % 2 == 0 ? 1 : -1).dividedBy(40));
                noticed += look().isZero() ? 0 : 1;
            }
            assertThat(noticed).as("steps up to new heights").isPositive();
            for (int second = 0; second < 600; second++) {
                time.advance(Duration.ofSeconds(1));
                time.setWallClock(Duration.ofHours(second % 2 == 0 ? 1 : -1));
                noticed = second == 0 ? 0 : noticed + (look().isZero() ? 0 : 1);
            }
            assertThat(noticed).isLessThanOrEqualTo(10);
        }

        @Test
        void a_second_suspension_soon_after_the_first_is_noticed_too() {
            time.setWallClock(Duration.ofHours(1));
            assertThat(look()).isEqualTo(Duration.ofHours(1));
            time.advance(Duration.ofSeconds(20));
            assertThat(look()).isZero();
            time.setWallClock(Duration.ofHours(8));
            assertThat(look()).isEqualTo(Duration.ofHours(8));
        }

        @Test
        void short_suspensions_add_up() {
            int noticed = 0;
            for (int suspension = 0; suspension < 100; suspension++) {
                for (int second = 0; second < 70; second++) {
                    time.advance(Duration.ofSeconds(1));
                    noticed += look().isZero() ? 0 : 1;
                }
                time.setWallClock(Duration.ofMillis(4_900));
            }
            assertThat(noticed).isGreaterThan(40);
        }

        @Test
        void a_clock_that_was_set_back_hides_no_suspension_for_longer_than_a_minute() {
            time.setWallClock(Duration.ofHours(-3));
            for (int second = 0; second < 130; second++) {
                time.advance(Duration.ofSeconds(1));
                assertThat(look()).isZero();
            }
            time.setWallClock(Duration.ofMinutes(20));
            assertThat(look()).isGreaterThan(Duration.ofMinutes(19));
        }

        private Duration look() {
            return detector.look(time.getAsLong());
        }
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class UseLearningTest {

        private final List<PoolListener.Disagreement> disagreements = new ArrayList<>();

        private UseLearning learning(LearnUses mode) {
            return new UseLearning(new PoolSettingsBuilder().learnUses(mode).build(), new PoolListener() {
                @Override
                public void usesDisagree(Disagreement how) {
                    disagreements.add(how);
                }
            });
        }

        @ParameterizedTest(name = "after {0} sent, {1} of them answered before, {2} are left: {3} uses, told {4}")
        @CsvSource({
            "1, 0, 2, 3,",
            "2, 1, 1, 3,",
            "3, 2, 0, 3,",
            "1, 0, 1, 2, FEWER",
            "2, 1, 0, 2, FEWER",
            "1, 0, 0, 1, FEWER",
            // Three went out together: the second to be counted may answer first.
            "3, 0, 1, 3,",
            "3, 0, 0, 3,",
            "2, 0, 0, 2, FEWER",
            "1, 0, 9, 3, MORE",
            "3, 2, 5, 3, MORE",
            "3, 0, 2, 3,",
        })
        void only_what_is_certain_counts(
                int sent, int answeredBefore, int remaining, int uses, PoolListener.Disagreement told) {
            UseLearning learning = learning(LearnUses.ADAPT);
            UseLearning.Counts counts = learning.newCounts();
            for (int call = 0; call < sent; call++) {
                counts.sent(0);
            }

            learning.told(counts, 0, answeredBefore, remaining);

            assertThat(learning.usesPerToken()).isEqualTo(uses);
            assertThat(disagreements).isEqualTo(told == null ? List.of() : List.of(told));
        }

        @Test
        void what_was_lowered_rises_again_when_more_is_certain_but_never_above_the_configured() {
            UseLearning learning = learning(LearnUses.ADAPT);
            UseLearning.Counts counts = learning.newCounts();
            counts.sent(0);
            learning.told(counts, 0, 0, 0);
            assertThat(learning.usesPerToken()).isEqualTo(1);

            learning.told(counts, 0, 0, 1);
            assertThat(learning.usesPerToken()).isEqualTo(2);
            learning.told(counts, 0, 0, 100);
            assertThat(learning.usesPerToken()).isEqualTo(3);
        }

        @Test
        void who_only_observes_changes_nothing() {
            UseLearning learning = learning(LearnUses.OBSERVE);
            UseLearning.Counts counts = learning.newCounts();
            counts.sent(0);
            learning.told(counts, 0, 0, 0);

            assertThat(learning.usesPerToken()).isEqualTo(3);
            assertThat(disagreements).containsExactly(PoolListener.Disagreement.FEWER);
        }

        @Test
        void each_scope_is_counted_apart() {
            UseLearning learning = new UseLearning(
                    new PoolSettingsBuilder()
                            .scopes(2)
                            .learnUses(LearnUses.ADAPT)
                            .build(),
                    PoolListener.NONE);
            UseLearning.Counts counts = learning.newCounts();
            counts.sent(0);
            counts.sent(0);
            counts.sent(1);

            learning.told(counts, 1, 0, 2);
            assertThat(learning.usesPerToken()).isEqualTo(3);
            learning.told(counts, 1, 0, 1);
            assertThat(learning.usesPerToken()).isEqualTo(2);
        }
    }

    @Nested
    @DisplayNameGeneration(ReplaceUnderscores.class)
    class BackoffTest {

        private final Backoff longest = new Backoff(always(Math.nextDown(1.0)));

        @Test
        void the_pause_doubles_up_to_a_second_while_calls_wait() {
            assertThat(longest.afterFailure(null, true)).isCloseTo(Duration.ofMillis(100), Duration.ofNanos(9));
            assertThat(longest.afterFailure(null, true)).isCloseTo(Duration.ofMillis(200), Duration.ofNanos(9));
            for (int failure = 0; failure < 100; failure++) {
                longest.afterFailure(null, true);
            }
            assertThat(longest.afterFailure(null, true)).isCloseTo(Duration.ofSeconds(1), Duration.ofNanos(9));
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
