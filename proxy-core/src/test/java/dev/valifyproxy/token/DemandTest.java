package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the times at which calls come. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DemandTest {

    private static final double PER_SECOND = 1e-9;
    private static final Duration MINT = Duration.ofMillis(200);

    private final Demand demand = new Demand(0);
    private long now;
    private long arrivals;

    @Test
    void nothing_is_wanted_before_anybody_calls() {
        pass(Duration.ofMinutes(3));
        assertThat(demand.perNano()).isZero();
        assertThat(demand.lastingPerNano()).isZero();
        assertThat(demand.meanPerNano()).isZero();
        assertThat(demand.peak()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 250, 5_000})
    void a_rate_that_begins_is_seen_within_three_buckets(int rate) {
        pass(Duration.ofSeconds(60));
        steady(rate, Duration.ofMillis(90));

        // One arrival a bucket is taken off.
        assertThat(demand.perNano()).isCloseTo((rate - 1 / 0.03) * PER_SECOND, within(1 / 0.03 * PER_SECOND));
    }

    @Test
    void a_burst_that_comes_at_once_is_no_rate() {
        pass(Duration.ofSeconds(60));
        call(100);
        for (int bucket = 0; bucket < 20; bucket++) {
            pass(Duration.ofMillis(30));
            // But the average over ten seconds has it.
            assertThat(demand.perNano()).isLessThan(10.1 * PER_SECOND);
        }
    }

    @Test
    void a_burst_that_is_looked_at_late_stays_where_it_came() {
        pass(Duration.ofSeconds(60));
        call(100);
        pass(Duration.ofMillis(200));
        assertThat(demand.perNano()).isLessThan(10.1 * PER_SECOND);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 100})
    void a_steady_rate_is_known_less_a_tenth_of_a_call_a_second(int rate) {
        steady(rate, Duration.ofMinutes(2));
        assertThat(demand.perNano()).isCloseTo((rate - 0.1) * PER_SECOND, within(0.06 * rate * PER_SECOND));
        assertThat(demand.meanPerNano()).isCloseTo(rate * 120 / 300.0 * PER_SECOND, within(0.02 * rate * PER_SECOND));
    }

    @Test
    void a_trickle_is_no_rate() {
        for (int call = 0; call < 20; call++) {
            call(1);
            assertThat(demand.perNano()).isLessThan(0.001 * PER_SECOND);
            assertThat(demand.lastingPerNano()).isLessThan(0.001 * PER_SECOND);
            pass(Duration.ofSeconds(100));
        }
    }

    @Test
    void it_fades_when_nothing_comes() {
        steady(1_000, Duration.ofSeconds(20));

        pass(Duration.ofMinutes(4));
        assertThat(demand.perNano()).isZero();
        assertThat(demand.lastingPerNano()).isLessThan(0.06 * PER_SECOND);
        pass(Duration.ofMinutes(2));
        assertThat(demand.meanPerNano()).isZero();
    }

    @Test
    void what_lasts_counts_three_calls_a_second_at_the_most_and_a_burst_for_one_second() {
        pass(Duration.ofSeconds(60));
        call(1_000);
        pass(Duration.ofSeconds(1));
        assertThat(demand.lastingPerNano()).isLessThan(0.04 * PER_SECOND);

        steady(100, Duration.ofMinutes(4));
        assertThat(demand.lastingPerNano()).isCloseTo(3 * PER_SECOND, within(0.15 * PER_SECOND));
    }

    @Test
    void a_peak_must_come_twice() {
        pass(Duration.ofSeconds(60));
        call(50);
        pass(Duration.ofSeconds(60));
        assertThat(demand.peak()).isZero();

        call(40);
        pass(Duration.ofSeconds(1));
        assertThat(demand.peak()).isCloseTo(40, within(0.01));
    }

    @Test
    void one_burst_across_the_border_of_two_slots_came_once() {
        steady(0, Duration.ofMillis(9_950));
        steady(1_000, Duration.ofMillis(80));
        pass(Duration.ofSeconds(30));
        assertThat(demand.peak()).isLessThan(1);
    }

    @Test
    void a_peak_is_forgotten_after_five_minutes() {
        call(50);
        pass(Duration.ofSeconds(60));
        call(40);
        pass(Duration.ofMinutes(5));
        assertThat(demand.peak()).isZero();
    }

    @Test
    void after_hours_without_a_look_only_what_came_of_late_counts() {
        steady(1_000, Duration.ofSeconds(30));
        now += Duration.ofHours(10).toNanos();
        look();
        assertThat(demand.perNano()).isZero();
        assertThat(demand.meanPerNano()).isZero();

        steady(100, Duration.ofSeconds(30));
        assertThat(demand.perNano()).isCloseTo(100 * PER_SECOND, within(6 * PER_SECOND));
    }

    @Test
    void calls_that_give_up_have_come_all_the_same() {
        steady(100, Duration.ofSeconds(60));
        double lasting = demand.lastingPerNano();
        arrivals -= 800;
        pass(Duration.ofMillis(300));

        assertThat(demand.perNano()).isCloseTo(100 * PER_SECOND, within(10 * PER_SECOND));
        assertThat(demand.lastingPerNano()).isCloseTo(lasting, within(0.1 * lasting));
        steady(100, Duration.ofSeconds(1));
        assertThat(demand.perNano()).isCloseTo(100 * PER_SECOND, within(10 * PER_SECOND));
    }

    @Test
    void calls_that_leave_the_line_make_no_negative_rate() {
        steady(100, Duration.ofSeconds(1));
        arrivals -= 100;
        pass(Duration.ofMillis(30));
        assertThat(demand.perNano()).isNotNegative();
        assertThat(demand.meanPerNano()).isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void how_often_it_looks_matters_little(long seed) {
        Random random = new Random(seed);
        Demand rare = new Demand(0);
        for (int step = 0; step < 200_000; step++) {
            now += (long) (-Math.log(1 - random.nextDouble()) * 2e6);
            arrivals++;
            look();
            if (step % 50 == 0) {
                rare.observe(arrivals, now, MINT.toNanos());
            }
        }
        assertThat(demand.meanPerNano()).isCloseTo(500 * PER_SECOND, within(25 * PER_SECOND));
        assertThat(rare.meanPerNano()).isCloseTo(demand.meanPerNano(), within(5 * PER_SECOND));
        assertThat(rare.peak()).isCloseTo(demand.peak(), within(demand.peak() * 0.1));
    }

    private void steady(int perSecond, Duration time) {
        long end = now + time.toNanos();
        long begin = now;
        long before = arrivals;
        while (now < end) {
            now = Math.min(end, now + 1_000_000);
            arrivals = before + (now - begin) * perSecond / 1_000_000_000;
            look();
        }
    }

    private void call(int calls) {
        arrivals += calls;
        look();
    }

    private void pass(Duration time) {
        long end = now + time.toNanos();
        while (now < end) {
            now = Math.min(end, now + 15_000_000);
            look();
        }
    }

    private void look() {
        demand.observe(arrivals, now, MINT.toNanos());
    }
}
