package dev.valifyproxy.token;

import static dev.valifyproxy.token.PoolFixture.LIFETIME;
import static dev.valifyproxy.token.PoolFixture.MARGIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What a call finds ready. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenPoolTest {

    private static final Duration ONE = Duration.ofNanos(1);

    @Test
    void a_pool_that_was_not_started_has_nothing_and_asks_for_nothing() {
        PoolFixture fixture = new PoolFixture(3);

        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.issuer.asked()).isZero();
    }

    @Test
    void a_token_is_handed_out_as_often_as_it_has_uses_and_no_more() {
        PoolFixture fixture = PoolFixture.started(3);

        for (int use = 0; use < 3; use++) {
            assertThat(fixture.take().authorization()).isEqualTo("Bearer token-0");
        }
        assertThat(fixture.pool.tryAcquire(0)).isNull();
    }

    @Test
    void a_token_is_no_longer_handed_out_once_its_margin_begins() {
        PoolFixture fixture = new PoolFixture(3);
        fixture.pool.start();
        fixture.time.advance(Duration.ofSeconds(2)); // its lifetime counts from the sending, not from the answer
        fixture.issuer.issue();
        fixture.time.hold();

        fixture.time.advance(LIFETIME.minus(MARGIN).minusSeconds(2).minus(ONE));
        assertThat(fixture.pool.tryAcquire(0)).isNotNull();
        fixture.time.advance(ONE);
        assertThat(fixture.pool.tryAcquire(0)).isNull();
    }

    @Test
    void the_margin_is_at_most_a_tenth_of_the_lifetime() {
        PoolFixture fixture = new PoolFixture(3);
        fixture.issuer.lifetime(Duration.ofSeconds(30));
        fixture.pool.start();
        fixture.issuer.issue();
        fixture.time.hold();

        fixture.time.advance(Duration.ofSeconds(27).minus(ONE));
        assertThat(fixture.pool.tryAcquire(0)).isNotNull();
        fixture.time.advance(ONE);
        assertThat(fixture.pool.tryAcquire(0)).isNull();
    }

    @Test
    void uses_that_expire_unused_are_counted_once() {
        PoolFixture fixture = PoolFixture.started(3);
        fixture.take().used();

        fixture.time.advance(LIFETIME);

        assertThat(fixture.heard.expired).isEqualTo(2);
        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.pool.stats().readyUses()).isZero();
    }

    @Test
    void a_call_that_meets_expired_uses_drops_them_itself() {
        PoolFixture fixture = PoolFixture.started(3);
        fixture.time.hold();
        fixture.time.advance(LIFETIME);

        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.heard.expired).isEqualTo(3);
        fixture.time.letGo();
        assertThat(fixture.heard.expired).isEqualTo(3);
    }

    @Test
    void the_token_that_expires_first_is_used_first_whenever_it_came() {
        PoolFixture fixture = PoolFixture.started(6);
        fixture.issuer.lifetime(Duration.ofMinutes(1));
        fixture.take().used();
        fixture.issuer.issue();

        for (int use = 0; use < 3; use++) {
            assertThat(fixture.take().authorization()).isEqualTo("Bearer token-2");
        }
        assertThat(fixture.take().authorization()).isEqualTo("Bearer token-0");
    }

    @Test
    void a_returned_use_is_the_next_to_go() {
        PoolFixture fixture = PoolFixture.started(6);
        TokenLease lease = fixture.take();
        fixture.take().used();
        fixture.take().used();

        lease.returned();

        TokenLease again = fixture.take();
        assertThat(again).isNotSameAs(lease);
        assertThat(again.authorization()).isEqualTo("Bearer token-0");
        assertThat(fixture.take().authorization()).isEqualTo("Bearer token-1");
    }

    @Test
    void a_use_returned_after_its_expiry_is_wasted() {
        PoolFixture fixture = PoolFixture.started(0);
        PoolFixture.Call call = fixture.await();
        fixture.issuer.issue();
        fixture.time.advance(LIFETIME);
        assertThat(fixture.heard.expired).isEqualTo(2);

        call.lease().returned();

        assertThat(fixture.heard.expired).isEqualTo(3);
        assertThat(fixture.pool.tryAcquire(0)).isNull();
    }

    @Test
    void the_numbers_tell_what_is_ready_taken_and_under_way() {
        PoolFixture fixture = PoolFixture.started(3);
        TokenLease lease = fixture.take();
        fixture.take().used();

        assertThat(fixture.pool.stats()).isEqualTo(new PoolStats(1, 1, 0, 2, MintState.HEALTHY, true, null, null, 3));

        lease.returned();
        assertThat(fixture.pool.stats()).isEqualTo(new PoolStats(2, 1, 0, 1, MintState.HEALTHY, true, null, null, 3));
    }

    @Test
    void a_closed_pool_gives_nothing_and_keeps_no_timer_but_takes_leases_back() {
        PoolFixture fixture = PoolFixture.started(3);
        TokenLease lease = fixture.take();
        TokenLease other = fixture.take();

        fixture.pool.close();
        lease.returned();
        other.rejected();
        fixture.issuer.issue(fixture.issuer.open());

        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.time.timers()).isZero();
        assertThat(fixture.heard.latencies).hasSize(1);
    }
}
