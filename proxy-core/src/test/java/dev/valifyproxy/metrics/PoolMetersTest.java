package dev.valifyproxy.metrics;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintState;
import dev.valifyproxy.token.PoolListener.Waste;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.token.Shortage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PoolMetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final PoolMeters meters = new PoolMeters(registry, "default");
    private PoolStats stats = stats(0, MintState.UNPROVEN);

    @Test
    void a_mint_that_brought_a_token_is_counted_and_timed() {
        meters.minted(Duration.ofMillis(150), Duration.ofMinutes(10));

        assertThat(count("tokens.minted")).isEqualTo(1);
        assertThat(mintMillis("minted")).isEqualTo(150);
        assertThat(mintMillis("failed")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_mint_is_counted_by_kind_and_timed_apart(MintOutcome.Kind kind) {
        meters.mintFailed(MintOutcome.Failed.of(kind, "for the log only"), Duration.ofMillis(20));

        assertThat(count("mint.failures", "kind", Meters.label(kind))).isEqualTo(1);
        assertThat(count("tokens.minted")).isZero();
        assertThat(mintMillis("failed")).isEqualTo(20);
        assertThat(mintMillis("minted")).isZero();
    }

    @Test
    void wasted_uses_are_counted_one_by_one() {
        meters.wasted(3, Waste.EXPIRED);
        meters.wasted(2, Waste.EXPIRED);
        meters.wasted(1, Waste.REJECTED);

        assertThat(count("token.uses.wasted", "reason", "expired")).isEqualTo(5);
        assertThat(count("token.uses.wasted", "reason", "rejected")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_shortage_is_counted_by_reason(Shortage shortage) {
        meters.shortage(shortage);

        assertThat(count("token.shortages", "reason", Meters.label(shortage))).isEqualTo(1);
    }

    @Test
    void rejected_tokens_are_counted() {
        meters.tokenRejected();

        assertThat(count("tokens.rejected")).isEqualTo(1);
    }

    @Test
    void gauges_show_the_pool() {
        meters.bind(() -> new PoolStats(7, 2, 5, 0, MintState.HEALTHY, true, null, null, 3));

        assertThat(gauge("token.uses.ready")).isEqualTo(7);
        assertThat(gauge("mints.in.flight")).isEqualTo(2);
        assertThat(gauge("token.waiters")).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void exactly_the_state_the_minter_is_in_is_1(MintState now) {
        meters.bind(() -> stats(0, now));

        for (MintState state : MintState.values()) {
            assertThat(gauge("mint.state", "state", Meters.label(state))).isEqualTo(state == now ? 1 : 0);
        }
    }

    @Test
    void the_counter_of_uses_does_not_fall_when_one_is_given_back() {
        meters.bind(() -> stats);
        stats = stats(10, MintState.HEALTHY);
        assertThat(uses()).isEqualTo(10);

        stats = stats(9, MintState.HEALTHY);
        assertThat(uses()).isEqualTo(10);

        stats = stats(11, MintState.HEALTHY);
        assertThat(uses()).isEqualTo(11);
    }

    private static PoolStats stats(long usesTaken, MintState state) {
        return new PoolStats(0, 0, 0, usesTaken, state, true, null, null, 3);
    }

    private double uses() {
        return registry.get("valify.proxy.token.uses").functionCounter().count();
    }

    private double count(String name, String... tags) {
        return registry.get("valify.proxy." + name).tags(tags).counter().count();
    }

    private double gauge(String name, String... tags) {
        return registry.get("valify.proxy." + name).tags(tags).gauge().value();
    }

    private double mintMillis(String outcome) {
        return registry.get("valify.proxy.mint.duration")
                .tag("outcome", outcome)
                .timer()
                .totalTime(MILLISECONDS);
    }
}
