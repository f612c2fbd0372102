package dev.valifyproxy.token;

import static dev.valifyproxy.token.PoolFixture.MINT_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.token.MintOutcome.Failed;
import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.MintOutcome.Minted;
import dev.valifyproxy.token.PoolFixture.Call;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** What follows each end of a mint. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MinterTest {

    private static final Duration ONE = Duration.ofNanos(1);

    /** A way for a mint to end, in a clock's and an issuer's hands. */
    record End(String name, Consumer<PoolFixture> happens) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> ends() {
        Stream<Arguments> kinds = Stream.of(Kind.values())
                .filter(kind -> kind != Kind.CREDENTIALS_REFUSED)
                .map(kind -> end(kind.name(), kind, fixture -> fixture.issuer.fail(kind)));
        Stream<Arguments> bugs = Stream.of(
                end("an exception", Kind.MALFORMED, fixture -> fixture.issuer.breakWith(new IllegalStateException())),
                end("no outcome", Kind.MALFORMED, fixture -> fixture.issuer.answer(null)),
                end(
                        "a stillborn token",
                        Kind.MALFORMED,
                        fixture -> fixture.issuer.answer(new Minted(Secret.of("dead"), Duration.ZERO))),
                end("no answer", Kind.TIMED_OUT, fixture -> fixture.time.advance(MINT_TIMEOUT)));
        return Stream.concat(kinds, bugs);
    }

    private static Arguments end(String name, Kind kind, Consumer<PoolFixture> happens) {
        return Arguments.of(new End(name, happens), kind);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void every_failure_backs_off_and_tries_again_by_itself(End end, Kind kind) {
        PoolFixture fixture = new PoolFixture(3);
        fixture.pool.start();

        end.happens.accept(fixture);

        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.BACKING_OFF);
        assertThat(fixture.pool.stats().lastFailure().kind()).isEqualTo(kind);
        assertThat(fixture.heard.states).containsExactly("UNPROVEN > BACKING_OFF: " + kind);
        int asked = fixture.issuer.asked();
        fixture.time.advance(Duration.ofSeconds(1));
        assertThat(fixture.issuer.asked()).isGreaterThan(asked);
        fixture.issuer.issue(fixture.issuer.open());
        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.HEALTHY);
        assertThat(fixture.pool.stats().lastFailure()).isNull();
        assertThat(fixture.pool.tryAcquire()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void once_refused_every_other_failure_stays_refused_and_tries_again_by_itself(End end, Kind kind) {
        PoolFixture fixture = new PoolFixture(3);
        fixture.pool.start();
        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);
        fixture.time.advance(Duration.ofSeconds(30));

        end.happens.accept(fixture);

        assertThat(fixture.pool.stats().lastFailure().kind()).isEqualTo(kind);
        assertThat(fixture.heard.states).containsExactly("UNPROVEN > CREDENTIALS_REFUSED: CREDENTIALS_REFUSED");
        int asked = fixture.issuer.asked();
        fixture.time.advance(Duration.ofSeconds(60));
        assertThat(fixture.issuer.asked()).isGreaterThan(asked);
        fixture.issuer.issue(fixture.issuer.open());
        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.HEALTHY);
    }

    @Test
    void a_source_that_throws_has_failed_and_its_message_is_not_repeated() {
        VirtualTime time = new VirtualTime();
        PoolFixture.Heard heard = new PoolFixture.Heard();
        PoolSettings settings = new PoolSettings(3, 1, LearnUses.OFF, ONE, MINT_TIMEOUT, MINT_TIMEOUT, 3, 128, 10);
        TokenSource broken = () -> {
            throw new IllegalArgumentException("password=hunter2");
        };
        TokenPool pool = new TokenPool(settings, broken, time, time, new Random(1), heard);

        pool.start();

        assertThat(heard.failures)
                .containsExactly(Failed.of(Kind.MALFORMED, "the token source failed with IllegalArgumentException"));
        time.advance(Duration.ofSeconds(1));
        assertThat(heard.failures).hasSizeGreaterThan(1);
    }

    @Test
    void unproven_credentials_are_tried_one_at_a_time_then_the_rest_follows() {
        PoolFixture fixture = new PoolFixture(0);
        fixture.await(100);
        assertThat(fixture.issuer.open()).isEqualTo(1);

        fixture.issuer.issue();
        assertThat(fixture.issuer.open()).isEqualTo(33);
    }

    @Test
    void a_cold_burst_of_a_hundred_calls_starts_thirty_four_mints_at_once() {
        PoolFixture fixture = PoolFixture.provenAndEmpty();

        List<Call> calls = fixture.await(100);
        assertThat(fixture.issuer.open()).isEqualTo(34);

        fixture.issuer.issue(34);
        assertThat(calls).noneMatch(Call::waits);
        assertThat(fixture.pool.stats().readyUses()).isEqualTo(2);
    }

    @Test
    void a_burst_on_a_full_floor_mints_for_those_in_line_and_the_floor() {
        PoolFixture fixture = PoolFixture.started(3);
        for (int ready = 0; ready < 3; ready++) {
            fixture.take().used();
        }

        fixture.await(97);

        assertThat(fixture.issuer.open()).isEqualTo(34);
    }

    @Test
    void no_more_mints_are_in_flight_than_are_allowed() {
        PoolFixture fixture = new PoolFixture(new PoolSettings(
                3, 1, LearnUses.OFF, PoolFixture.MARGIN, PoolFixture.ACQUIRE_TIMEOUT, MINT_TIMEOUT, 0, 5, 1_024));
        fixture.await();
        fixture.issuer.issue();

        fixture.await(100);
        assertThat(fixture.issuer.open()).isEqualTo(5);

        fixture.issuer.issue();
        assertThat(fixture.issuer.open()).isEqualTo(5);
    }

    @Test
    void of_many_that_fail_together_the_first_sets_the_pause_and_one_probe_follows() {
        PoolFixture fixture = PoolFixture.provenAndEmpty();
        fixture.await(100);

        while (fixture.issuer.open() > 0) {
            fixture.issuer.fail(Kind.SERVER_ERROR);
        }

        assertThat(fixture.heard.states).endsWith("HEALTHY > BACKING_OFF: SERVER_ERROR");
        fixture.time.advance(Duration.ofMillis(100));
        assertThat(fixture.issuer.open()).isEqualTo(1);
        fixture.issuer.issue();
        assertThat(fixture.issuer.open()).isEqualTo(33);
    }

    @Test
    void a_state_is_told_once_however_often_mints_fail() {
        PoolFixture fixture = new PoolFixture(3);
        fixture.issuer.answersAfter(Duration.ofMillis(20));
        fixture.issuer.answersWith(() -> Failed.of(Kind.UNREACHABLE, "connection refused"));
        fixture.pool.start();

        fixture.time.advance(Duration.ofMinutes(5));

        assertThat(fixture.heard.failures).hasSizeGreaterThan(10);
        assertThat(fixture.heard.states).hasSize(1);
    }

    @Test
    void while_calls_wait_an_issuer_that_fails_is_probed_at_least_every_five_seconds() {
        PoolFixture fixture = new PoolFixture(3);
        fixture.issuer.answersAfter(Duration.ofMillis(20));
        fixture.issuer.answersWith(() -> Failed.of(Kind.UNREACHABLE, "connection refused"));
        fixture.pool.start();
        fixture.time.advance(Duration.ofMinutes(10)); // idle, so by now the pauses are long

        for (int round = 0; round < 20; round++) {
            int asked = fixture.issuer.asked();
            fixture.await();
            fixture.time.advance(Duration.ofSeconds(5));
            assertThat(fixture.issuer.asked()).isGreaterThan(asked);
        }
    }

    @Test
    void a_pause_the_issuer_asked_for_is_kept_though_calls_wait_and_others_succeed() {
        PoolFixture fixture = PoolFixture.provenAndEmpty();
        fixture.await(4);
        assertThat(fixture.issuer.open()).isEqualTo(2);
        fixture.issuer.answer(new Failed(Kind.RATE_LIMITED, "429", Duration.ofSeconds(7)));
        fixture.issuer.issue();
        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.HEALTHY);

        fixture.time.advance(Duration.ofSeconds(7).minus(ONE));
        assertThat(fixture.issuer.open()).isZero();
        fixture.time.advance(ONE);
        assertThat(fixture.issuer.open()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CREDENTIALS_REFUSED")
    void calls_wait_out_their_time_while_mints_fail(Kind kind) {
        PoolFixture fixture = new PoolFixture(0);
        Call call = fixture.await();

        fixture.issuer.fail(kind);
        assertThat(call.waits()).isTrue();
        fixture.time.advance(PoolFixture.ACQUIRE_TIMEOUT);
        assertThat(call.shortage).isEqualTo(Shortage.TIMED_OUT);
    }

    @Test
    void refused_credentials_end_the_wait_once_no_mint_is_in_flight() {
        PoolFixture fixture = PoolFixture.provenAndEmpty();
        List<Call> calls = fixture.await(6);

        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);
        assertThat(calls).allMatch(Call::waits);
        fixture.issuer.issue();
        assertThat(calls).extracting(Call::waits).containsExactly(false, false, false, true, true, true);

        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);
        assertThat(calls.subList(3, 6)).extracting(call -> call.shortage).containsOnly(Shortage.CREDENTIALS_REFUSED);
    }

    @Test
    void with_refused_credentials_new_calls_are_refused_at_once_but_get_what_is_left() {
        PoolFixture fixture = PoolFixture.started(3);
        fixture.take().used();
        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);

        assertThat(fixture.await().waits()).isFalse();
        assertThat(fixture.await().lease()).isNotNull();
        assertThat(fixture.await().shortage).isEqualTo(Shortage.CREDENTIALS_REFUSED);
    }

    @Test
    void refused_credentials_are_tried_again_after_thirty_seconds_then_more_rarely_even_without_calls() {
        PoolFixture fixture = new PoolFixture(0);
        fixture.await();
        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);

        fixture.time.advance(Duration.ofSeconds(30).minus(ONE));
        assertThat(fixture.issuer.open()).isZero();
        fixture.time.advance(ONE);
        Call call = fixture.await();
        assertThat(call.waits()).as("the probe may bring good news").isTrue();
        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);
        assertThat(call.shortage).isEqualTo(Shortage.CREDENTIALS_REFUSED);

        fixture.time.advance(Duration.ofSeconds(60).minus(ONE));
        assertThat(fixture.issuer.open()).isZero();
        fixture.time.advance(ONE);
        assertThat(fixture.issuer.open()).isEqualTo(1);
    }

    @Test
    void a_refusal_outweighs_the_failure_before_it() {
        PoolFixture fixture = PoolFixture.provenAndEmpty();
        fixture.await(4);
        fixture.issuer.fail(Kind.UNREACHABLE);
        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);

        assertThat(fixture.heard.states)
                .endsWith(
                        "HEALTHY > BACKING_OFF: UNREACHABLE", "BACKING_OFF > CREDENTIALS_REFUSED: CREDENTIALS_REFUSED");
        fixture.time.advance(Duration.ofSeconds(30).minus(ONE));
        assertThat(fixture.issuer.open()).isZero();
        fixture.time.advance(ONE);
        assertThat(fixture.issuer.open()).isEqualTo(1);
    }

    @Test
    void a_mint_has_failed_when_its_time_is_up_and_not_before() {
        PoolFixture fixture = new PoolFixture(3);
        fixture.pool.start();

        fixture.time.advance(MINT_TIMEOUT.minus(ONE));
        assertThat(fixture.heard.failures).isEmpty();
        fixture.time.advance(ONE);
        assertThat(fixture.heard.failures).containsExactly(Failed.of(Kind.TIMED_OUT, "no token came within 10000 ms"));
        assertThat(fixture.pool.stats().mintsInFlight()).isZero();
    }

    @Test
    void each_mint_has_its_own_time() {
        PoolFixture fixture = PoolFixture.provenAndEmpty();
        fixture.await();
        fixture.time.advance(Duration.ofSeconds(4));
        fixture.await(3);
        assertThat(fixture.issuer.open()).isEqualTo(2);

        fixture.time.advance(Duration.ofSeconds(6));
        assertThat(fixture.pool.stats().mintsInFlight()).isEqualTo(1);
    }

    @Test
    void a_token_that_comes_late_is_used() {
        PoolFixture fixture = new PoolFixture(3);
        fixture.pool.start();
        fixture.time.advance(MINT_TIMEOUT);

        fixture.issuer.issue();

        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.HEALTHY);
        assertThat(fixture.take().authorization()).isEqualTo("Bearer token-0");
    }

    @Test
    void a_failure_that_comes_late_is_ignored() {
        PoolFixture fixture = new PoolFixture(3);
        fixture.pool.start();
        fixture.time.advance(MINT_TIMEOUT);

        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);

        assertThat(fixture.heard.failures).hasSize(1);
        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.BACKING_OFF);
    }

    @Test
    void how_long_mints_took_is_told() {
        PoolFixture fixture = new PoolFixture(3);
        fixture.pool.start();
        fixture.time.advance(Duration.ofMillis(120));
        fixture.issuer.fail(Kind.SERVER_ERROR);
        fixture.time.advance(Duration.ofMillis(100));
        fixture.time.advance(Duration.ofMillis(50));
        fixture.issuer.issue();

        assertThat(fixture.heard.latencies.get(0)).isEqualTo(Duration.ofMillis(120));
        assertThat(fixture.heard.latencies.get(1)).isBetween(Duration.ofMillis(50), Duration.ofMillis(150));
    }
}
