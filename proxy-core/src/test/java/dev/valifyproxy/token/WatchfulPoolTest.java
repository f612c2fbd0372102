package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the pool notices that no call tells it: a machine that slept, a lease that was lost, an upstream that counts otherwise. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchfulPoolTest {

    @Test
    void after_a_suspension_of_the_machine_no_token_of_before_is_used() {
        PoolFixture fixture = PoolFixture.started(6);
        fixture.time.setWallClock(Duration.ofMinutes(30));

        fixture.time.advance(Duration.ofSeconds(1));

        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.heard.suspensions).containsExactly(Duration.ofMinutes(30));
        assertThat(fixture.heard.dropped).isEqualTo(6);
        assertThat(fixture.issuer.open()).isEqualTo(2);
    }

    @Test
    void a_jumping_wall_clock_makes_no_storm_of_mints_and_ends_no_lifetime() {
        PoolFixture fixture = PoolFixture.started(3);
        fixture.issuer.answersAfter(Duration.ofMillis(100));
        int before = fixture.issuer.asked();
        for (int second = 0; second < 300; second++) {
            fixture.time.setWallClock(Duration.ofHours(second % 2 == 0 ? 24 : -24));
            fixture.time.advance(Duration.ofSeconds(1));
        }

        assertThat(fixture.issuer.asked() - before).isLessThanOrEqualTo(5);
        assertThat(fixture.pool.stats().readyUses()).isEqualTo(3);
    }

    @Test
    @Timeout(60)
    void a_lease_that_is_lost_is_told_with_the_place_where_it_was_acquired() {
        PoolFixture fixture =
                new PoolFixture(new PoolSettingsBuilder().floor(6).detectLeaks().build());
        fixture.pool.start();
        while (fixture.issuer.open() > 0) {
            fixture.issuer.issue();
        }
        fixture.take().used();
        PoolFixture.Call call = fixture.await();
        call.lease().returned();
        WeakReference<TokenLease> lost = lose(fixture);

        while (fixture.heard.leaks.isEmpty()) {
            System.gc();
            fixture.time.advance(Duration.ofSeconds(1));
        }

        assertThat(lost.get()).isNull();
        assertThat(fixture.heard.leaks).hasSize(1);
        assertThat(fixture.heard.leaks.get(0).getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("lose"));
    }

    private static WeakReference<TokenLease> lose(PoolFixture fixture) {
        return new WeakReference<>(fixture.take());
    }

    @Test
    void while_it_does_not_search_for_leaks_a_lost_lease_costs_nothing() {
        PoolFixture fixture = PoolFixture.started(3);
        WeakReference<TokenLease> lost = lose(fixture);
        while (lost.get() != null) {
            System.gc();
        }
        fixture.time.advance(Duration.ofSeconds(1));

        assertThat(fixture.heard.leaks).isEmpty();
    }

    @Test
    void new_tokens_serve_as_many_calls_as_the_upstream_says_are_left() {
        PoolFixture fixture = new PoolFixture(
                new PoolSettingsBuilder().floor(3).learnUses(LearnUses.ADAPT).build());
        fixture.pool.start();
        fixture.issuer.issue();
        TokenLease first = fixture.take();
        first.headSent();
        first.accepted();

        first.trialsRemaining(1);

        assertThat(fixture.pool.stats().usesPerToken()).isEqualTo(2);
        assertThat(fixture.heard.disagreements).containsExactly(PoolListener.Disagreement.FEWER);
        fixture.take().used();
        fixture.take().used();
        int before = fixture.pool.stats().readyUses();
        fixture.issuer.issue();
        assertThat(fixture.pool.stats().readyUses() - before).isEqualTo(2);
    }

    @Test
    void an_answer_that_does_not_tell_what_is_left_is_no_proof_that_the_upstream_counted_it() {
        PoolFixture fixture = new PoolFixture(
                new PoolSettingsBuilder().floor(6).learnUses(LearnUses.ADAPT).build());
        fixture.pool.start();
        fixture.issuer.issue();
        fixture.issuer.issue();
        TokenLease first = fixture.take();
        first.headSent();
        first.accepted();
        first.trialsRemaining(1);
        fixture.take().used();
        fixture.take().used();
        TokenLease refused = fixture.take();
        refused.headSent();
        refused.accepted(); // a 400, say
        TokenLease counted = fixture.take();
        counted.headSent();
        counted.accepted();

        counted.trialsRemaining(1);

        assertThat(fixture.pool.stats().usesPerToken()).isEqualTo(2);
    }

    @Test
    void while_it_does_not_learn_what_is_left_is_not_heeded() {
        PoolFixture fixture = PoolFixture.started(3);
        TokenLease lease = fixture.take();
        lease.headSent();
        lease.accepted();

        lease.trialsRemaining(0);

        assertThat(fixture.pool.learnsUses()).isFalse();
        assertThat(fixture.pool.stats().usesPerToken()).isEqualTo(3);
        assertThat(fixture.heard.disagreements).isEmpty();
    }
}
