package dev.valifyproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VirtualTimeTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> ran = new ArrayList<>();

    @Test
    void timers_run_in_the_order_of_their_time_and_those_of_one_moment_as_they_were_set() {
        time.at(20, () -> ran.add("c"));
        time.at(10, () -> ran.add("a"));
        time.at(10, () -> ran.add("b"));

        time.runUntil(20);

        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void a_timer_sees_its_own_moment() {
        time.at(7, () -> ran.add("at " + time.getAsLong()));

        time.runUntil(10);

        assertThat(ran).containsExactly("at 7");
        assertThat(time.getAsLong()).isEqualTo(10);
    }

    @Test
    void what_is_due_later_waits() {
        time.at(11, () -> ran.add("later"));

        time.runUntil(10);
        assertThat(ran).isEmpty();

        time.runUntil(11);
        assertThat(ran).containsExactly("later");
    }

    @Test
    void a_task_runs_after_what_is_running_and_before_the_next_timer() {
        time.at(10, () -> {
            time.execute(() -> ran.add("task"));
            ran.add("first timer");
        });
        time.at(10, () -> ran.add("second timer"));

        time.runUntil(10);

        assertThat(ran).containsExactly("first timer", "task", "second timer");
    }

    @Test
    void a_cancelled_timer_does_nothing() {
        Future<?> timer = time.at(10, () -> ran.add("cancelled"));

        assertThat(timer.cancel(false)).isTrue();
        time.runUntil(10);

        assertThat(ran).isEmpty();
        assertThat(timer.isCancelled()).isTrue();
    }

    @Test
    void a_timer_that_has_run_can_no_longer_be_cancelled() {
        Future<?> timer = time.at(10, () -> ran.add("ran"));
        time.runUntil(10);

        assertThat(timer.cancel(false)).isFalse();
        assertThat(timer.isCancelled()).isFalse();
        assertThat(timer.isDone()).isTrue();
    }
}
