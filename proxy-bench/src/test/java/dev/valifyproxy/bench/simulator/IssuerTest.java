package dev.valifyproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IssuerTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Scenario SCENARIO =
            Settings.of(ConfigFactory.parseString("""
                    simulator.scenarios = [{
                      name = x, title = x, calls { kind = constant, rate = 1 }
                      mint { mean = 1 s, sigma = 0 }, lifetime = 100 s
                      brown-out { from = 50 s, to = 60 s, factor = 10, fails = true }
                    }]
                    """)).scenario("x");

    private final VirtualTime time = new VirtualTime();
    private final Issuer issuer = new Issuer(SCENARIO, time, new SplittableRandom(1));
    private final List<Integer> tokens = new ArrayList<>();
    private int failures;

    @Test
    void a_token_comes_after_the_latency_and_serves_three_calls() {
        mint();
        time.runUntil(SECOND - 1);
        assertThat(tokens).isEmpty();

        time.runUntil(SECOND);
        int token = tokens.get(0);

        assertThat(issuer.performs(token)).isTrue();
        assertThat(issuer.performs(token)).isTrue();
        assertThat(issuer.performs(token)).isTrue();
        assertThat(issuer.overUses()).isZero();
        assertThat(issuer.performs(token)).isFalse();
        assertThat(issuer.overUses()).isEqualTo(1);
    }

    @Test
    void a_token_ends_its_lifetime_after_its_mint_was_sent() {
        mint();
        time.runUntil(100 * SECOND - 1);
        assertThat(issuer.performs(tokens.get(0))).isTrue();
        assertThat(issuer.expiredUses()).isZero();

        time.runUntil(100 * SECOND);
        assertThat(issuer.performs(tokens.get(0))).isFalse();
        assertThat(issuer.expiredUses()).isEqualTo(1);
    }

    @Test
    void a_forgotten_token_is_refused_and_that_is_nobodys_over_use() {
        mint();
        time.runUntil(2 * SECOND);
        issuer.forgetAll();
        mint();
        time.runUntil(3 * SECOND);

        assertThat(issuer.performs(tokens.get(0))).isFalse();
        assertThat(issuer.performs(tokens.get(1))).isTrue();
        assertThat(issuer.rejections()).isEqualTo(1);
        assertThat(issuer.overUses()).isZero();
    }

    @Test
    void in_a_brown_out_mints_fail_late() {
        time.runUntil(50 * SECOND);
        mint();
        time.runUntil(60 * SECOND - 1);
        assertThat(failures).isZero();

        time.runUntil(60 * SECOND);
        assertThat(failures).isEqualTo(1);
        assertThat(issuer.asked()).isEqualTo(1);
        assertThat(issuer.mintedSince(0)).isZero();
    }

    @Test
    void unused_uses_are_left_over_until_their_token_is_no_longer_used_and_wasted_from_then_on() {
        mint();
        time.runUntil(SECOND);
        issuer.performs(tokens.get(0));

        time.runUntil(95 * SECOND - 1);
        assertThat(issuer.leftOver()).isEqualTo(2);
        assertThat(issuer.expiredUnused()).isZero();

        time.runUntil(95 * SECOND);
        assertThat(issuer.leftOver()).isZero();
        assertThat(issuer.expiredUnused()).isEqualTo(2);
    }

    @Test
    void the_most_mints_at_once_are_remembered() {
        mint();
        mint();
        time.runUntil(SECOND);
        mint();

        assertThat(issuer.peakInFlight()).isEqualTo(2);
    }

    private void mint() {
        issuer.mint(issuer.drawLatency(), tokens::add, () -> failures++);
    }
}
