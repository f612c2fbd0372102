package dev.valifyproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pool must reach: means over all seeds of {@code simulator.conf}, with the settings that are there. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AcceptanceTest {

    /** One call in ten thousand: as good as none. */
    private static final double HARDLY_ANY = 0.0001;

    /** Uses that expire for a thousand calls, below which one scheme wastes as little as another. */
    private static final double HARDLY_A_USE = 0.001;

    private static final double MINT_MILLIS = 200;

    /** Where a scheme is bound to trade waits for waste: the calls come out of nothing, or the pool may keep nothing. */
    private static final Set<String> TRADE_OFFS = Set.of("cold-burst", "trickle-no-floor");

    private static final Settings SETTINGS = Settings.load(null);
    private static final Map<List<Object>, Report> REPORTS = new ConcurrentHashMap<>();

    @ParameterizedTest
    @MethodSource("scenarios")
    void no_token_is_used_too_often_or_after_its_end(String scenario) {
        Report ours = ours(scenario);

        assertThat(ours.overUses()).as("over-uses").isZero();
        assertThat(ours.expiredUses()).as("uses after expiry").isZero();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void no_call_is_answered_with_the_refusal_of_a_token(String scenario) {
        assertThat(ours(scenario).answeredRejected()).isZero();
    }

    @ParameterizedTest
    @MethodSource("steadyScenarios")
    void a_steady_load_costs_hardly_more_than_a_third_of_a_mint_a_call(String scenario) {
        assertThat(ours(scenario).mintsPerCall()).isLessThanOrEqualTo(0.337);
    }

    @ParameterizedTest
    @MethodSource("steadyScenarios")
    void a_steady_load_wastes_nothing(String scenario) {
        assertThat(ours(scenario).expiredUnused()).isZero();
    }

    @Test
    void a_day_wastes_one_use_in_a_hundred_at_most() {
        assertThat(ours("daily-wave").expiredUnusedShare()).isLessThanOrEqualTo(0.01);
    }

    @Test
    void a_trickle_wastes_no_more_than_the_floor_in_a_lifetime() {
        Scenario trickle = SETTINGS.scenario("trickle");
        double lifetimes = trickle.length().toNanos() / (double) trickle.usableNanos();

        assertThat(ours("trickle").expiredUnused())
                .isLessThanOrEqualTo(lifetimes * trickle.pool().floor());
    }

    @Test
    void a_trickle_wastes_nothing_without_a_floor() {
        assertThat(ours("trickle-no-floor").expiredUnused()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "poisson-1",
                "poisson-5",
                "poisson-20",
                "poisson-100",
                "poisson-500",
                "poisson-1000",
                "poisson-5000"
            })
    void hardly_a_call_waits_in_a_steady_load(String scenario) {
        assertThat(ours(scenario).waitedShareInWindow()).isLessThanOrEqualTo(HARDLY_ANY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"step", "step-fixed"})
    void few_calls_wait_in_the_ten_seconds_after_a_step(String scenario) {
        assertThat(ours(scenario).waitedShareInWindow()).isLessThanOrEqualTo(0.025);
    }

    @ParameterizedTest
    @ValueSource(strings = {"step", "step-fixed"})
    void after_a_step_hardly_a_wait_is_longer_than_a_mint(String scenario) {
        assertThat(ours(scenario).waitMillis(0.99)).isLessThanOrEqualTo(MINT_MILLIS);
    }

    @Test
    void a_cold_burst_is_answered_after_one_mint() {
        assertThat(ours("cold-burst").longestWaitMillis()).isLessThanOrEqualTo(1.2 * MINT_MILLIS);
        assertThat(ours("cold-burst").refusedShare()).isZero();
    }

    @Test
    void a_cold_burst_of_100_calls_takes_34_to_40_mints() {
        assertThat(ours("cold-burst").mintsInWindow()).isBetween(34.0, 40.0);
    }

    @Test
    void three_mints_after_all_tokens_were_forgotten_no_call_waits() {
        Scenario invalidation = SETTINGS.scenario("invalidation");
        Duration recovery = invalidation.window().from().minus(invalidation.invalidateAt());

        assertThat(recovery).isEqualTo(Duration.ofMillis((long) (3 * MINT_MILLIS)));
        assertThat(ours("invalidation").waitedShareInWindow()).isLessThanOrEqualTo(HARDLY_ANY);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("scenariosAndOthers")
    void no_other_scheme_beats_ours(String scenario, SchemeKind other) {
        Report ours = ours(scenario);

        assertThat(beats(report(scenario, other), ours) && !isFaultless(ours))
                .as("%s beats ours%n%s", other, Table.csv(List.of(ours, report(scenario, other))))
                .isFalse();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("contestsAndOthers")
    void ours_beats_every_other_scheme_unless_it_cannot_be_bettered_itself(String scenario, SchemeKind other) {
        Report ours = ours(scenario);

        assertThat(isFaultless(ours) || beats(ours, report(scenario, other)))
                .as("ours beats %s%n%s", other, Table.csv(List.of(ours, report(scenario, other))))
                .isTrue();
    }

    /** Hardly a call waits and hardly a use is wasted: then there is nothing left to beat. */
    private static boolean isFaultless(Report report) {
        return report.waitedShareInWindow() <= HARDLY_ANY && report.expiredUnusedShare() <= HARDLY_A_USE;
    }

    /** Fewer waits at no more waste, or less waste at no more waits; where nothing expires, what a restart loses is the waste. */
    private static boolean beats(Report one, Report other) {
        double waits = one.waitedShareInWindow() - other.waitedShareInWindow();
        double expired = one.expiredUnusedShare() - other.expiredUnusedShare();
        boolean wastesNoMore = expired <= HARDLY_A_USE;
        boolean wastesLess = expired < -HARDLY_A_USE || (wastesNoMore && one.leftOver() < other.leftOver());
        return (waits < -HARDLY_ANY && wastesNoMore) || (wastesLess && waits <= HARDLY_ANY);
    }

    static Stream<String> scenarios() {
        return SETTINGS.scenarios().stream().map(Scenario::name);
    }

    static Stream<String> steadyScenarios() {
        return scenarios().filter(name -> name.startsWith("poisson") || name.startsWith("constant"));
    }

    static Stream<Arguments> scenariosAndOthers() {
        return scenarios().flatMap(scenario -> others().map(other -> Arguments.of(scenario, other)));
    }

    static Stream<Arguments> contestsAndOthers() {
        return scenarios()
                .filter(scenario -> !TRADE_OFFS.contains(scenario))
                .flatMap(scenario -> others().map(other -> Arguments.of(scenario, other)));
    }

    private static Stream<SchemeKind> others() {
        return EnumSet.complementOf(EnumSet.of(SchemeKind.OURS, SchemeKind.CLAIRVOYANT)).stream();
    }

    private static Report ours(String scenario) {
        return report(scenario, SchemeKind.OURS);
    }

    private static Report report(String scenario, SchemeKind scheme) {
        return REPORTS.computeIfAbsent(
                List.of(scenario, scheme), key -> Simulator.report(SETTINGS, SETTINGS.scenario(scenario), scheme));
    }
}
