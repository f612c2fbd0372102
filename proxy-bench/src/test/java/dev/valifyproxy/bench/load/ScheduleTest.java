package dev.valifyproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ScheduleTest {

    @Test
    void calls_are_due_at_an_even_pace_from_the_beginning() {
        Schedule schedule = Schedule.atRate(1_000, Duration.ofSeconds(2));

        assertThat(schedule.calls()).isEqualTo(2_000);
        assertThat(schedule.dueNanos(0)).isZero();
        assertThat(schedule.dueNanos(1)).isEqualTo(1_000_000);
        assertThat(schedule.dueNanos(1_999)).isEqualTo(1_999_000_000);
    }

    @Test
    void a_pace_that_no_nanosecond_fits_does_not_drift() {
        assertThat(Schedule.atRate(3, Duration.ofSeconds(1_000)).dueNanos(3_000))
                .isEqualTo(Duration.ofSeconds(1_000).toNanos());
    }

    @Test
    void there_is_one_call_at_least() {
        assertThat(Schedule.atRate(0.001, Duration.ofSeconds(1)).calls()).isOne();
    }

    @Test
    void at_once_is_due_at_the_beginning() {
        assertThat(Schedule.atOnce(10).dueNanos(9)).isZero();
    }
}
