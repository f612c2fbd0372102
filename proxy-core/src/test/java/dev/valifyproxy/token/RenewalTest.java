package dev.valifyproxy.token;

import static dev.valifyproxy.token.PoolFixture.LIFETIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.secret.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Minting ahead of demand and of expiry, in hours of virtual time. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RenewalTest {

    private static final Duration MINT = Duration.ofMillis(150);

    @Test
    void an_idle_pool_mints_its_floor_and_nothing_beyond() {
        PoolFixture fixture = answering(7);

        fixture.time.advance(Duration.ofMinutes(5));

        assertThat(fixture.issuer.asked()).isEqualTo(3);
        assertThat(fixture.pool.stats().readyUses()).isEqualTo(9);
    }

    @Test
    void without_a_floor_an_idle_pool_mints_nothing() {
        PoolFixture fixture = answering(0);

        fixture.time.advance(Duration.ofHours(1));

        assertThat(fixture.issuer.asked()).isZero();
    }

    @Test
    void the_floor_is_renewed_before_it_expires_so_that_a_call_always_finds_a_use() {
        PoolFixture fixture = answering(3);
        fixture.time.advance(MINT);

        for (int second = 0; second < 3_600; second++) {
            fixture.time.advance(Duration.ofSeconds(1));
            assertThat(fixture.pool.stats().readyUses())
                    .as("after %s s", second)
                    .isGreaterThanOrEqualTo(3);
        }
        // An hour is six lifetimes, each a little shortened by its margin and its spread.
        assertThat(fixture.issuer.asked()).isBetween(6, 8);
    }

    @Test
    void the_floor_after_a_burst_does_not_linger() {
        PoolFixture fixture = answering(3);
        fixture.time.advance(MINT);
        fixture.await(100);
        fixture.time.advance(Duration.ofSeconds(1));

        fixture.time.advance(Duration.ofHours(1));

        assertThat(fixture.pool.stats().readyUses()).isBetween(3, 6);
    }

    @Test
    void replicas_started_together_do_not_renew_together() {
        List<Long> renewals = new ArrayList<>();
        for (double luck = 0; luck < 1; luck += 0.25) {
            MintOutcome.Minted minted = new MintOutcome.Minted(Secret.of("t"), LIFETIME);
            renewals.add(new AccessToken(minted, 0, PoolFixture.MARGIN, luck, null).renewAtNanos(0));
        }

        assertThat(renewals).doesNotHaveDuplicates();
        assertThat(renewals).allMatch(at -> at > LIFETIME.toNanos() * 9 / 10);
    }

    @Test
    void a_mint_slower_than_its_tokens_live_does_not_run_in_circles() {
        PoolFixture fixture = new PoolFixture(3);
        fixture.issuer.answersAfter(Duration.ofSeconds(2));
        fixture.issuer.lifetime(Duration.ofSeconds(3));
        fixture.pool.start();

        fixture.time.advance(Duration.ofMinutes(1));

        assertThat(fixture.issuer.asked()).isLessThanOrEqualTo(31);
    }

    @Test
    void under_a_steady_load_no_call_waits_and_hardly_a_use_is_wasted() {
        PoolFixture fixture = answering(3);
        int calls = callEvery(fixture, Duration.ofMillis(5), Duration.ofSeconds(2)); // warming up
        fixture.heard.waits.clear();

        calls += callEvery(fixture, Duration.ofMillis(5), Duration.ofSeconds(60));

        assertThat(fixture.heard.waits).isEmpty();
        int stock = fixture.pool.stats().readyUses() + 3 * fixture.issuer.open();
        assertThat(stock).isLessThan(60); // 200 calls/s × 0.15 s × 1.5, and the floor, and what a mint rounds up to
        assertThat(3 * fixture.issuer.asked()).isEqualTo(calls + stock);
    }

    @Test
    void a_single_burst_is_not_taken_for_a_rate() {
        PoolFixture fixture = answering(0);
        fixture.await(); // proves the credentials
        fixture.time.advance(Duration.ofMinutes(2));
        int before = fixture.issuer.asked();

        fixture.await(100);
        fixture.time.advance(Duration.ofMinutes(1));

        assertThat(fixture.issuer.asked() - before).isBetween(33, 36);
    }

    private static PoolFixture answering(int floor) {
        PoolFixture fixture = new PoolFixture(floor);
        fixture.issuer.answersAfter(MINT);
        fixture.pool.start();
        return fixture;
    }

    private static int callEvery(PoolFixture fixture, Duration gap, Duration howLong) {
        int calls = 0;
        for (Duration passed = Duration.ZERO; passed.compareTo(howLong) < 0; passed = passed.plus(gap)) {
            TokenLease lease = fixture.pool.tryAcquire(0);
            if (lease == null) {
                fixture.await();
            } else {
                lease.accepted();
            }
            calls++;
            fixture.time.advance(gap);
        }
        return calls;
    }
}
