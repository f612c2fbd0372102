package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.token.PoolFixture.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** An upstream that counts a token's uses for each service apart. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ScopesTest {

    private final PoolFixture fixture =
            new PoolFixture(new PoolSettingsBuilder().scopes(3).floor(3).build());

    private List<String> takeAll(int scope) {
        List<String> tokens = new ArrayList<>();
        for (TokenLease use = fixture.pool.tryAcquire(scope); use != null; use = fixture.pool.tryAcquire(scope)) {
            tokens.add(use.authorization());
        }
        return tokens;
    }

    @Test
    void one_token_serves_its_number_of_calls_in_each_scope() {
        fixture.pool.start();
        fixture.issuer.issue();

        for (int scope = 0; scope < 3; scope++) {
            assertThat(takeAll(scope))
                    .as("scope %d", scope)
                    .containsExactly("Bearer token-0", "Bearer token-0", "Bearer token-0");
        }
    }

    @Test
    void a_mint_for_one_scope_is_one_for_all() {
        fixture.pool.start();
        fixture.issuer.issue();
        for (int scope = 0; scope < 3; scope++) {
            takeAll(scope);
        }

        assertThat(fixture.issuer.open()).isEqualTo(1);
    }

    @Test
    void a_use_that_comes_back_counts_in_its_own_scope() {
        fixture.pool.start();
        fixture.issuer.issue();
        TokenLease lease = fixture.pool.tryAcquire(1);
        takeAll(1);

        lease.returned();

        assertThat(takeAll(1)).hasSize(1);
        assertThat(takeAll(0)).hasSize(3);
    }

    @Test
    void a_call_in_line_is_served_in_its_own_scope() {
        Call call = new Call();
        fixture.pool.await(2, call);
        fixture.issuer.issue();

        assertThat(call.lease().scope()).isEqualTo(2);
        assertThat(takeAll(2)).hasSize(2);
        assertThat(takeAll(1)).hasSize(3);
    }

    @Test
    void a_rejected_token_is_gone_from_every_scope() {
        fixture.pool.start();
        fixture.issuer.issue();

        fixture.pool.tryAcquire(0).rejected();

        assertThat(takeAll(1)).isEmpty();
        assertThat(takeAll(2)).isEmpty();
    }

    @Test
    void a_scope_that_nobody_calls_keeps_the_youngest_uses_and_no_heap_of_them() {
        fixture.issuer.answersAfter(Duration.ofMillis(50));
        fixture.pool.start();
        for (int call = 0; call < 3_000; call++) {
            fixture.time.advance(Duration.ofMillis(20));
            TokenLease lease = fixture.pool.tryAcquire(0);
            if (lease != null) {
                lease.accepted();
            }
        }

        List<String> idle = takeAll(1);

        assertThat(fixture.issuer.asked()).isGreaterThan(900);
        assertThat(idle).hasSizeBetween(3, 70);
        assertThat(idle.get(0)).isNotEqualTo("Bearer token-0");
        assertThat(fixture.heard.expired).isZero();
    }

    @Test
    void a_full_scope_is_not_emptied_because_mints_are_held_back() {
        PoolFixture fixture = new PoolFixture(new PoolSettingsBuilder()
                .scopes(2)
                .floor(100)
                .bounds(8, 10_000, PoolSettings.MintBounds.UNLIMITED)
                .build());
        fixture.issuer.answersAfter(Duration.ofMillis(200));
        fixture.pool.start();

        fixture.time.advance(Duration.ofMinutes(1));

        assertThat(fixture.issuer.asked()).isEqualTo(34);
        assertThat(fixture.pool.stats().readyUses()).isEqualTo(2 * 102);
    }

    @Test
    void nor_because_one_mint_failed() {
        PoolFixture fixture =
                new PoolFixture(new PoolSettingsBuilder().scopes(2).floor(300).build());
        fixture.pool.start();
        while (fixture.issuer.open() > 0) {
            fixture.issuer.issue();
        }
        fixture.take().used();
        fixture.issuer.fail(MintOutcome.Kind.SERVER_ERROR);
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.issuer.issue();

        assertThat(fixture.pool.stats().readyUses()).isGreaterThan(590);
    }

    @Test
    void after_a_load_that_met_the_cap_an_idle_pool_mints_nothing() {
        fixture.issuer.answersAfter(Duration.ofMillis(200));
        fixture.pool.start();
        fixture.time.advance(Duration.ofSeconds(30));
        for (int call = 0; call < 45_000; call++) {
            fixture.time.advance(Duration.ofNanos(666_666));
            if (fixture.pool.tryAcquire(0) == null) {
                fixture.await();
            }
        }
        fixture.time.advance(Duration.ofSeconds(30));
        int asked = fixture.issuer.asked();

        fixture.time.advance(Duration.ofMinutes(1));

        assertThat(fixture.issuer.asked()).isEqualTo(asked);
    }
}
