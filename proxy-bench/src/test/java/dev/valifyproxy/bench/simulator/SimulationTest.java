package dev.valifyproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulationTest {

    private static final String DEFAULTS = "simulator.seeds = 1, simulator.scenarios = [";
    private static final String STEADY = "name = x, title = x, length = 30 s, calls { kind = poisson, rate = 50 }";

    @ParameterizedTest
    @EnumSource(SchemeKind.class)
    void the_same_seed_tells_the_same_story(SchemeKind scheme) {
        assertThat(run(STEADY, scheme)).usingRecursiveComparison().isEqualTo(run(STEADY, scheme));
    }

    @ParameterizedTest
    @EnumSource(SchemeKind.class)
    void every_scheme_meets_the_same_calls(SchemeKind scheme) {
        assertThat(run(STEADY, scheme).calls())
                .isEqualTo(run(STEADY, SchemeKind.OURS).calls());
    }

    @ParameterizedTest
    @EnumSource(SchemeKind.class)
    void no_scheme_breaks_the_rules_of_a_token(SchemeKind scheme) {
        Run run = run(STEADY + ", lifetime = 3 s", scheme);

        assertThat(run.overUses()).isZero();
        assertThat(run.expiredUses()).isZero();
        assertThat(run.rejections()).isZero();
    }

    @Test
    void one_token_at_a_time_lets_all_calls_wait_that_come_faster_than_it_can_be_had() {
        Run run = run(
                "name = x, title = x, length = 30 s, calls { kind = constant, rate = 50 }, mint { sigma = 0 }",
                SchemeKind.SINGLE);

        assertThat(run.late()).isEqualTo(run.calls());
        assertThat(run.peakMints()).isEqualTo(1);
        assertThat(run.refused()).isPositive();
    }

    @Test
    void one_token_at_a_time_lets_every_third_call_wait_for_one_mint_when_calls_are_rare() {
        Run run = run(
                "name = x, title = x, length = 90 s, calls { kind = constant, rate = 1 }, mint { sigma = 0 }",
                SchemeKind.SINGLE);

        assertThat(run.late()).isEqualTo(30);
        assertThat(run.waitNanos(1)).isEqualTo(2e8);
        assertThat(run.mints()).isEqualTo(30);
    }

    @Test
    void a_fixed_reserve_expires_while_nobody_calls() {
        Run run = run(
                "name = x, title = x, length = 21 m, calls { kind = burst, calls = 1, at = 20 m }", SchemeKind.FIXED);

        assertThat(run.expiredUnused()).isEqualTo(2 * 66);
        assertThat(run.leftOver()).isEqualTo(65);
    }

    @Test
    void who_sees_the_future_lets_nobody_wait_and_wastes_nothing() {
        Run run = run(STEADY, SchemeKind.CLAIRVOYANT);

        assertThat(run.waits().size()).isZero();
        assertThat(run.leftOver()).isLessThan(3);
        assertThat(3 * run.mints()).isCloseTo(run.calls(), within(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "brown-out { from = 10 s, to = 20 s, factor = 10 }",
                "brown-out { from = 10 s, to = 20 s, fails = true }",
                "invalidate-at = 15 s",
                "lifetime = 3 s"
            })
    void who_sees_the_future_has_no_call_refused_by_whatever_comes(String event) {
        Run run = run(STEADY + ", " + event, SchemeKind.CLAIRVOYANT);

        assertThat(run.rejections()).isZero();
        assertThat(run.refused()).isZero();
    }

    @Test
    void only_who_cannot_be_served_in_time_waits_for_the_one_who_sees_the_future() {
        Run run = run(
                STEADY + ", mint { sigma = 0 }, invalidate-at = 15 s, window { from = 15 s }", SchemeKind.CLAIRVOYANT);

        assertThat(run.waits().size()).isBetween(5, 15);
        assertThat(run.waitNanos(1)).isLessThanOrEqualTo(2e8);
    }

    @Test
    void a_call_whose_token_was_forgotten_is_tried_once_more() {
        Run run = run(
                "name = x, title = x, length = 30 s, calls { kind = constant, rate = 10 }, invalidate-at = 15 s",
                SchemeKind.OURS);

        assertThat(run.rejections()).isPositive();
        assertThat(run.answeredRejected()).isZero();
    }

    @Test
    void calls_are_refused_when_mints_fail_for_longer_than_a_call_waits() {
        Run run = run(STEADY + ", brown-out { from = 10 s, to = 25 s, fails = true }", SchemeKind.OURS);

        assertThat(run.refused()).isPositive();
        assertThat(run.late()).isGreaterThanOrEqualTo(run.refused());
    }

    @Test
    void waits_are_measured_of_the_calls_within_the_window() {
        Run all = run(STEADY + ", window { from = 0 s }", SchemeKind.WATERMARK);
        Run none = run(STEADY + ", window { from = 30 s }", SchemeKind.WATERMARK);

        assertThat(all.callsInWindow()).isEqualTo(all.calls());
        assertThat(all.lateInWindow()).isEqualTo(all.late()).isPositive();
        assertThat(none.callsInWindow()).isZero();
        assertThat(none.lateInWindow()).isZero();
    }

    private static Run run(String scenario, SchemeKind scheme) {
        Settings settings = Settings.of(ConfigFactory.parseString(DEFAULTS + "{" + scenario + "}]"));
        return Simulation.run(settings.scenario("x"), world -> scheme.create(settings.schemes(), world), 1);
    }
}
