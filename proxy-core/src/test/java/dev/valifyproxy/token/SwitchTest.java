package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.PoolFixture.Call;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New credentials while the pool runs. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SwitchTest {

    private static PoolFixture pool(int floor, boolean dropOld) {
        PoolFixture fixture = new PoolFixture(
                new PoolSettingsBuilder().floor(floor).dropOldTokens(dropOld).build());
        fixture.pool.start();
        return fixture;
    }

    private static PoolFixture stocked(int floor, boolean dropOld) {
        PoolFixture fixture = pool(floor, dropOld);
        while (fixture.issuer.open() > 0) {
            fixture.issuer.issue();
        }
        fixture.time.advance(Duration.ofSeconds(1));
        return fixture;
    }

    @Test
    void refused_credentials_are_replaced_at_once_and_tried_one_at_a_time() {
        PoolFixture fixture = pool(9, false);
        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);
        FakeIssuer next = new FakeIssuer(fixture.time);

        fixture.pool.switchTo(next);

        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.UNPROVEN);
        assertThat(fixture.pool.stats().lastFailure()).isNull();
        assertThat(next.open()).isEqualTo(1);
        Call call = fixture.await();
        assertThat(call.waits()).isTrue();
        next.issue();
        assertThat(call.waits()).isFalse();
        assertThat(fixture.pool.stats().proven()).isTrue();
        assertThat(next.open()).as("proven, so the rest follows").isEqualTo(3);
        assertThat(fixture.issuer.asked()).isEqualTo(1);
    }

    @Test
    void tokens_of_the_old_credentials_are_used_up() {
        PoolFixture fixture = stocked(6, false);
        FakeIssuer next = new FakeIssuer(fixture.time);

        fixture.pool.switchTo(next);

        assertThat(fixture.pool.stats().readyUses()).isEqualTo(6);
        assertThat(fixture.take().authorization()).isEqualTo("Bearer token-0");
        assertThat(next.open()).isEqualTo(1);
    }

    @Test
    void or_they_are_dropped_by_choice() {
        PoolFixture fixture = stocked(6, true);
        FakeIssuer next = new FakeIssuer(fixture.time);

        fixture.pool.switchTo(next);

        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.heard.dropped).isEqualTo(6);
        next.issue();
        assertThat(fixture.take()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_mint_of_the_old_credentials_that_comes_late_serves_unless_they_are_dropped(boolean drop) {
        PoolFixture fixture = pool(3, drop);
        FakeIssuer next = new FakeIssuer(fixture.time);
        fixture.pool.switchTo(next);

        fixture.issuer.issue();

        assertThat(fixture.pool.stats().readyUses()).isEqualTo(drop ? 0 : 3);
        assertThat(fixture.pool.stats().state())
                .as("says nothing of the new ones")
                .isEqualTo(MintState.UNPROVEN);
        assertThat(fixture.pool.stats().proven()).isFalse();
    }

    @Test
    void a_mint_of_the_old_credentials_that_fails_late_says_nothing_of_the_new_ones() {
        PoolFixture fixture = pool(3, false);
        FakeIssuer next = new FakeIssuer(fixture.time);
        fixture.pool.switchTo(next);

        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);

        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.UNPROVEN);
        assertThat(fixture.pool.stats().lastFailure()).isNull();
        next.issue();
        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.HEALTHY);
    }

    @Test
    void calls_in_line_are_served_by_the_new_credentials() {
        PoolFixture fixture = pool(0, false);
        List<Call> calls = fixture.await(3);
        fixture.issuer.fail(Kind.SERVER_ERROR);
        FakeIssuer next = new FakeIssuer(fixture.time);

        fixture.pool.switchTo(next);
        next.issue();

        assertThat(calls).noneMatch(Call::waits);
    }

    @Test
    void a_closed_pool_asks_nobody() {
        PoolFixture fixture = stocked(3, false);
        FakeIssuer next = new FakeIssuer(fixture.time);
        fixture.pool.close();

        fixture.pool.switchTo(next);

        assertThat(next.asked()).isZero();
    }

    @Test
    void refused_new_credentials_are_tried_again_though_the_old_ones_filled_the_pool() {
        PoolFixture fixture = new PoolFixture(new PoolSettingsBuilder()
                .floor(3)
                .bounds(128, 1, PoolSettings.MintBounds.UNLIMITED)
                .build());
        fixture.pool.start();
        FakeIssuer next = new FakeIssuer(fixture.time);
        fixture.pool.switchTo(next);
        next.fail(Kind.CREDENTIALS_REFUSED);
        fixture.issuer.issue();

        fixture.time.advance(Duration.ofSeconds(31));

        assertThat(next.open()).isEqualTo(1);
    }
}
