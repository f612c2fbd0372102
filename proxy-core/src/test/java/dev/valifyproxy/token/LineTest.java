package dev.valifyproxy.token;

import static dev.valifyproxy.token.PoolFixture.ACQUIRE_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.token.PoolFixture.Call;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Calls that wait for a use. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LineTest {

    private static final Duration ONE = Duration.ofNanos(1);

    private final PoolFixture fixture = PoolFixture.provenAndEmpty();

    @Test
    void a_waiting_call_makes_the_pool_mint() {
        fixture.await();

        assertThat(fixture.issuer.open()).isEqualTo(1);
    }

    @Test
    void calls_are_served_first_come_first_served_and_what_is_left_is_ready() {
        List<Call> calls = fixture.await(4);

        fixture.issuer.issue();
        assertThat(calls).extracting(Call::waits).containsExactly(false, false, false, true);
        fixture.issuer.issue();
        assertThat(calls.get(3).waits()).isFalse();
        assertThat(fixture.pool.stats().readyUses()).isEqualTo(2);
    }

    @Test
    void a_call_that_could_have_taken_a_use_gets_it_at_once() {
        fixture.await();
        fixture.issuer.issue();

        Call late = fixture.await();

        assertThat(late.lease().authorization()).isEqualTo("Bearer token-1");
        assertThat(fixture.issuer.open()).isZero();
    }

    @Test
    void a_use_that_is_taken_this_way_is_replaced_too() {
        PoolFixture floor = PoolFixture.started(3);

        floor.await();

        assertThat(floor.issuer.open()).isEqualTo(1);
    }

    @Test
    void a_call_is_told_when_its_time_is_up_and_not_before() {
        Call call = fixture.await();

        fixture.time.advance(ACQUIRE_TIMEOUT.minus(ONE));
        assertThat(call.waits()).isTrue();
        fixture.time.advance(ONE);
        assertThat(call.shortage).isEqualTo(Shortage.TIMED_OUT);
        assertThat(fixture.heard.shortages).containsExactly(Shortage.TIMED_OUT);
    }

    @Test
    void each_call_has_its_own_time() {
        Call first = fixture.await();
        fixture.time.advance(Duration.ofSeconds(3));
        Call second = fixture.await();

        fixture.time.advance(Duration.ofSeconds(5));
        assertThat(first.shortage).isEqualTo(Shortage.TIMED_OUT);
        assertThat(second.waits()).isTrue();
        fixture.time.advance(Duration.ofSeconds(3));
        assertThat(second.shortage).isEqualTo(Shortage.TIMED_OUT);
    }

    @Test
    void time_counts_from_the_call_even_if_the_mint_thread_is_busy() {
        fixture.time.hold();
        Call call = fixture.await();
        fixture.time.advance(ACQUIRE_TIMEOUT.minus(ONE));
        fixture.time.letGo();
        assertThat(call.waits()).isTrue();

        fixture.time.advance(ONE);
        assertThat(call.shortage).isEqualTo(Shortage.TIMED_OUT);
    }

    @Test
    void a_full_line_refuses_the_next_call_at_once() {
        PoolFixture small = new PoolFixture(new PoolSettings(
                3, 1, LearnUses.OFF, PoolFixture.MARGIN, ACQUIRE_TIMEOUT, PoolFixture.MINT_TIMEOUT, 0, 128, 2));
        small.await(2);

        Call third = small.await();
        assertThat(third.shortage).isEqualTo(Shortage.LINE_FULL);

        small.issuer.issue();
        assertThat(small.await().waits()).isFalse();
    }

    @Test
    void a_call_that_left_makes_room_and_hears_nothing_more() {
        PoolFixture small = new PoolFixture(new PoolSettings(
                3, 1, LearnUses.OFF, PoolFixture.MARGIN, ACQUIRE_TIMEOUT, PoolFixture.MINT_TIMEOUT, 0, 128, 1));
        Call first = small.await();

        first.place.cancel();
        first.place.cancel();
        Call second = small.await();
        small.issuer.issue();

        assertThat(first.told()).isZero();
        assertThat(second.lease().authorization()).isEqualTo("Bearer token-0");
        small.time.advance(ACQUIRE_TIMEOUT);
        assertThat(first.told()).isZero();
    }

    @Test
    void a_call_that_leaves_while_a_use_is_on_its_way_loses_no_use() {
        Call first = fixture.await();
        Call second = fixture.await();
        fixture.time.hold();
        first.place.cancel();
        fixture.issuer.issue();

        fixture.time.letGo();

        assertThat(first.told()).isZero();
        assertThat(second.lease().authorization()).isEqualTo("Bearer token-1");
        assertThat(fixture.pool.stats().readyUses()).isEqualTo(2);
    }

    @Test
    void leaving_after_the_use_came_changes_nothing() {
        Call call = fixture.await();
        fixture.issuer.issue();

        call.place.cancel();
        call.lease().returned();

        assertThat(fixture.pool.stats().readyUses()).isEqualTo(3);
    }

    @Test
    void a_returned_use_goes_to_the_first_in_line() {
        Call holder = fixture.await();
        fixture.issuer.issue();
        fixture.take().used();
        fixture.take().used();
        Call waiting = fixture.await();

        holder.lease().returned();

        assertThat(waiting.lease().authorization()).isEqualTo("Bearer token-1");
        assertThat(fixture.pool.stats().usesTaken()).isEqualTo(6);
    }

    @Test
    void how_long_a_call_waited_is_told() {
        fixture.heard.waits.clear();
        fixture.await();
        fixture.time.advance(Duration.ofMillis(150));
        fixture.issuer.issue();

        assertThat(fixture.heard.waits).containsExactly(Duration.ofMillis(150));
    }

    @Test
    void closing_refuses_all_in_line_and_all_that_come() {
        List<Call> calls = fixture.await(2);

        fixture.pool.close();
        calls.add(fixture.await());

        assertThat(calls).extracting(call -> call.shortage).containsOnly(Shortage.CLOSED);
        assertThat(calls).extracting(Call::told).containsOnly(1);
    }

    @Test
    void one_receivers_bug_does_not_cost_the_next_its_use() {
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        Throwable[] reported = new Throwable[1];
        Thread.currentThread().setUncaughtExceptionHandler((thread, bug) -> reported[0] = bug);
        try {
            fixture.pool.await(new LeaseReceiver() {
                @Override
                public void acquired(TokenLease lease) {
                    throw new IllegalArgumentException("a bug");
                }

                @Override
                public void unavailable(Shortage shortage) {}
            });
            Call next = fixture.await();
            fixture.issuer.issue();

            assertThat(next.waits()).isFalse();
            assertThat(reported[0]).hasMessage("a bug");
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }
    }
}
