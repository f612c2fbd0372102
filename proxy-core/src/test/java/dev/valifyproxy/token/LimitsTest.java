package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.token.PoolFixture.Call;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What the limits of the configuration hold back, and what is told of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LimitsTest {

    private static final int UNLIMITED = PoolSettings.MintBounds.UNLIMITED;

    private final PoolSettingsBuilder settings = new PoolSettingsBuilder();

    private static PoolFixture proven(PoolSettings settings) {
        PoolFixture fixture = new PoolFixture(settings);
        Call call = fixture.await();
        fixture.issuer.issue();
        call.lease().used();
        return fixture;
    }

    @Test
    void no_more_tokens_are_held_or_asked_for_than_allowed() {
        PoolFixture fixture = proven(settings.bounds(128, 4, UNLIMITED).build());

        fixture.await(100);

        assertThat(fixture.issuer.open()).isEqualTo(4);
        assertThat(fixture.pool.stats().limit()).isEqualTo(MintLimit.MAX_TOKENS);
        fixture.issuer.issue();
        assertThat(fixture.issuer.open())
                .as("what it brought was handed out at once")
                .isEqualTo(4);
    }

    @Test
    void no_more_mints_are_sent_within_a_minute_than_the_quota_allows_and_the_next_is_sent_by_itself() {
        PoolFixture fixture = proven(settings.bounds(128, 100, 3).build());

        List<Call> calls = fixture.await(30);
        assertThat(fixture.issuer.asked()).isEqualTo(3);
        fixture.issuer.issue(2);
        assertThat(calls).filteredOn(Call::waits).hasSize(30 - 2 - 6);
        assertThat(fixture.pool.stats().limit()).isEqualTo(MintLimit.MAX_MINTS_PER_MINUTE);

        fixture.time.advance(Duration.ofSeconds(59));
        assertThat(fixture.issuer.asked()).isEqualTo(3);
        fixture.await(30); // those before have given up
        fixture.time.advance(Duration.ofSeconds(1));
        assertThat(fixture.issuer.asked()).isEqualTo(6);
    }

    @Test
    void the_limit_that_makes_calls_wait_is_named_once_however_many_wait() {
        PoolFixture fixture = proven(settings.bounds(5, 100, UNLIMITED).build());

        fixture.await(100);

        assertThat(fixture.heard.limits).containsExactly(MintLimit.MAX_CONCURRENT_MINTS);
        assertThat(fixture.heard.heldBack)
                .as("those behind the first fifteen or so")
                .isBetween(80, 90);
        assertThat(fixture.pool.stats().limit()).isEqualTo(MintLimit.MAX_CONCURRENT_MINTS);
    }

    @Test
    void ten_seconds_after_the_last_call_that_it_made_wait_it_is_over() {
        PoolFixture fixture = proven(settings.bounds(1, 100, UNLIMITED).build());
        fixture.pool.start();
        fixture.issuer.answersAfter(Duration.ofMillis(10));
        fixture.await(20);

        fixture.time.advance(Duration.ofSeconds(9));
        assertThat(fixture.heard.limits).containsExactly(MintLimit.MAX_CONCURRENT_MINTS);
        fixture.time.advance(Duration.ofSeconds(2));
        assertThat(fixture.heard.limits).containsExactly(MintLimit.MAX_CONCURRENT_MINTS, null);
        assertThat(fixture.pool.stats().limit()).isNull();
    }

    @Test
    void calls_that_wait_for_mints_within_the_limits_are_held_back_by_none() {
        PoolFixture fixture = proven(settings.bounds(128, 1_000, 1_000).build());

        fixture.await(100);

        assertThat(fixture.heard.limits).isEmpty();
        assertThat(fixture.heard.heldBack).isZero();
    }

    @Test
    void a_quota_that_was_spent_while_nothing_was_wanted_wakes_the_pool_when_it_is_free() {
        PoolFixture fixture =
                new PoolFixture(settings.floor(3).bounds(128, 100, 1).build());
        fixture.pool.start();
        fixture.issuer.issue();
        fixture.time.advance(Duration.ofMinutes(3));

        for (int use = 0; use < 3; use++) {
            fixture.take().used();
        }

        assertThat(fixture.issuer.open()).isEqualTo(1);
    }

    @Test
    void what_calls_take_of_a_full_pool_is_replaced_before_it_is_empty() {
        PoolFixture fixture =
                new PoolFixture(settings.floor(6).bounds(128, 2, UNLIMITED).build());
        fixture.pool.start();
        fixture.issuer.issue(1);
        fixture.issuer.issue(1);

        for (int use = 0; use < 3; use++) {
            fixture.take().used();
        }

        assertThat(fixture.issuer.open())
                .as("one token less is held than allowed")
                .isEqualTo(1);
    }

    @Test
    void a_call_whose_token_was_refused_gets_its_mint_though_the_pool_is_full() {
        PoolFixture fixture =
                new PoolFixture(settings.floor(3).bounds(128, 1, UNLIMITED).build());
        fixture.pool.start();
        fixture.issuer.issue();
        TokenLease refused = fixture.take();
        fixture.take().used();
        fixture.take().used();
        fixture.issuer.issue(fixture.issuer.open());
        fixture.time.advance(Duration.ofSeconds(1));
        assertThat(fixture.pool.stats().readyUses())
                .as("as many as allowed, of another token")
                .isEqualTo(3);

        refused.rejected();
        fixture.awaitNewer(refused);

        assertThat(fixture.issuer.open()).isEqualTo(1);
    }

    @Test
    void a_limit_is_not_over_while_calls_wait_for_it() {
        PoolFixture fixture = new PoolFixture(settings.bounds(128, 100, 1).build());
        fixture.pool.start();
        for (int second = 0; second < 20; second++) {
            fixture.await(1);
            fixture.time.advance(Duration.ofSeconds(1));
        }

        assertThat(fixture.heard.limits).containsExactly(MintLimit.MAX_MINTS_PER_MINUTE);
        assertThat(fixture.pool.stats().limit()).isEqualTo(MintLimit.MAX_MINTS_PER_MINUTE);
    }
}
