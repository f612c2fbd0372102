package dev.valifyproxy.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeadlinesTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ManualLoop loop = new ManualLoop();
    private final Deadlines wheel = new Deadlines(loop, loop::nanoTime);
    private final List<String> expired = new ArrayList<>();

    private Deadline deadline(String name) {
        return wheel.create(() -> expired.add(name));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 49_999_999, 50_000_000, 1_000_000_000, 24_000_000_000L, 26_000_000_000L, 120_000_000_000L})
    void a_deadline_expires_never_early_and_at_most_a_tick_late(long delay) {
        deadline("a").set(delay);
        loop.advance(delay - 1);
        assertThat(expired).isEmpty();
        loop.advance(1 + Deadlines.TICK_NANOS);
        assertThat(expired).containsExactly("a");
    }

    @Test
    void a_deadline_put_off_expires_at_its_last_setting() {
        Deadline deadline = deadline("a");
        deadline.set(SECOND);
        loop.advance(SECOND / 2);
        deadline.set(2 * SECOND);
        loop.advance(2 * SECOND - 1);
        assertThat(expired).isEmpty();
        loop.advance(1 + Deadlines.TICK_NANOS);
        assertThat(expired).containsExactly("a");
    }

    @Test
    void a_deadline_drawn_nearer_expires_at_its_last_setting() {
        Deadline deadline = deadline("a");
        deadline.set(75 * SECOND);
        deadline.set(SECOND);
        loop.advance(SECOND + Deadlines.TICK_NANOS);
        assertThat(expired).containsExactly("a");
        loop.advance(100 * SECOND);
        assertThat(expired).hasSize(1);
    }

    @Test
    void a_cleared_deadline_does_not_expire_and_can_be_set_again() {
        assertTakenBack(Deadline::clear);
    }

    @Test
    void nor_does_one_that_is_cancelled_be_it_twice() {
        assertTakenBack(deadline -> {
            deadline.cancel();
            deadline.cancel();
        });
    }

    private void assertTakenBack(Consumer<Deadline> takesBack) {
        Deadline deadline = deadline("a");
        deadline.set(SECOND);
        takesBack.accept(deadline);
        loop.advance(5 * SECOND);
        assertThat(expired).isEmpty();
        deadline.set(SECOND);
        loop.advance(2 * SECOND);
        assertThat(expired).containsExactly("a");
    }

    @Test
    void a_wheel_lets_go_of_a_cancelled_deadline_at_once() {
        Deadline deadline = deadline("a");
        deadline.set(20 * SECOND);
        deadline.cancel();
        loop.advance(2 * Deadlines.TICK_NANOS);
        assertThat(loop.scheduled()).isZero();
    }

    @Test
    void a_deadline_may_cancel_those_that_expire_with_it() {
        Deadline[] both = new Deadline[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            both[i] = wheel.create(() -> {
                expired.add("one");
                both[other].cancel();
            });
            both[i].set(SECOND);
        }
        loop.advance(5 * SECOND);
        assertThat(expired).containsExactly("one");
    }

    @Test
    void a_deadline_may_set_itself_again_when_it_expires() {
        Deadline[] self = new Deadline[1];
        self[0] = wheel.create(() -> {
            expired.add("again");
            if (expired.size() < 3) {
                self[0].set(SECOND);
            }
        });
        self[0].set(SECOND);
        loop.advance(10 * SECOND);
        assertThat(expired).hasSize(3);
    }

    @Test
    void an_empty_wheel_asks_for_no_ticks() {
        deadline("a").set(SECOND);
        loop.advance(2 * SECOND);
        assertThat(loop.scheduled()).isZero();
        loop.advance(1_000 * SECOND);
        deadline("b").set(SECOND);
        loop.advance(SECOND + Deadlines.TICK_NANOS);
        assertThat(expired).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(ints = {510, 511, 512, 513, 514, 1_023, 1_024})
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_loop_that_was_busy_places_a_far_deadline_once_and_goes_on(int ticks) {
        deadline("a").set(60 * SECOND);
        loop.stall(ticks * Deadlines.TICK_NANOS);
        loop.advance(0);
        assertThat(expired).isEmpty();
        loop.advance(60 * SECOND + Deadlines.TICK_NANOS - ticks * Deadlines.TICK_NANOS);
        assertThat(expired).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void under_random_settings_each_deadline_expires_exactly_when_a_plain_model_says(long seed) {
        Random random = new Random(seed);
        Map<Integer, Long> due = new HashMap<>();
        List<Long> fired = new ArrayList<>();
        Deadline[] deadlines = new Deadline[40];
        for (int i = 0; i < deadlines.length; i++) {
            int id = i;
            deadlines[i] = wheel.create(() -> {
                Long at = due.remove(id);
                fired.add(at == null ? Long.MAX_VALUE : loop.nanoTime() - at);
            });
        }
        for (int step = 0; step < 30_000; step++) {
            int id = random.nextInt(deadlines.length);
            switch (random.nextInt(5)) {
                case 0 -> {
                    deadlines[id].clear();
                    due.remove(id);
                }
                case 1 -> {
                    deadlines[id].cancel();
                    due.remove(id);
                }
                case 2 -> loop.advance(random.nextLong(SECOND));
                default -> {
                    long delay = random.nextLong(40 * SECOND);
                    deadlines[id].set(delay);
                    due.put(id, loop.nanoTime() + delay);
                }
            }
        }
        loop.advance(60 * SECOND);
        assertThat(due).isEmpty();
        assertThat(fired)
                .as("lateness of each, seed %d", seed)
                .hasSizeGreaterThan(1_000)
                .allMatch(late -> late >= 0 && late <= Deadlines.TICK_NANOS);
    }
}
