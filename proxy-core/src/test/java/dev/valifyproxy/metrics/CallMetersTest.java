package dev.valifyproxy.metrics;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord;
import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ProxyError;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CallMetersTest {

    private static final long MILLI = MILLISECONDS.toNanos(1);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicInteger inProgress = new AtomicInteger();
    private final CallMeters meters = new CallMeters(registry, inProgress::get);

    @ParameterizedTest
    @CsvSource({"0,none", "100,1xx", "200,2xx", "299,2xx", "304,3xx", "403,4xx", "500,5xx", "599,5xx", "999,5xx"})
    void a_call_counts_under_the_class_of_its_status(int status, String statusClass) {
        meters.ended(call(Outcome.RELAYED, status, null));

        assertThat(calls("relayed", statusClass)).isEqualTo(1);
        assertThat(registry.get("valify.proxy.calls").counters().stream()
                        .mapToDouble(counter -> counter.count())
                        .sum())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_call_counts_under_its_outcome(Outcome outcome) {
        meters.ended(call(outcome, 200, null));

        assertThat(calls(Meters.label(outcome), "2xx")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void an_error_counts_under_its_code_and_blame(ProxyError error) {
        meters.ended(call(Outcome.FAILED, error.status().code(), error));

        assertThat(registry.get("valify.proxy.errors")
                        .tags("error", error.code(), "blame", Meters.label(error.blame()))
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void both_errors_that_share_a_code_count_in_one_counter() {
        meters.ended(call(Outcome.FAILED, 501, ProxyError.NOT_SUPPORTED));
        meters.ended(call(Outcome.FAILED, 505, ProxyError.VERSION_NOT_SUPPORTED));

        assertThat(registry.get("valify.proxy.errors")
                        .tag("error", "not_supported")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void durations_are_those_of_the_record() {
        meters.ended(new CallRecord(Outcome.RELAYED, 200, null, 1, 0, 0, 300 * MILLI, 200 * MILLI, 50 * MILLI));

        assertThat(timer("call.duration").totalTime(MILLISECONDS)).isEqualTo(300);
        assertThat(timer("upstream.duration").totalTime(MILLISECONDS)).isEqualTo(200);
        assertThat(timer("token.wait").totalTime(MILLISECONDS)).isEqualTo(50);
    }

    @Test
    void a_call_without_an_upstream_answer_or_a_wait_is_in_neither_histogram() {
        meters.ended(new CallRecord(Outcome.LOCAL, 200, null, 0, 0, 0, MILLI, -1, 0));

        assertThat(timer("call.duration").count()).isEqualTo(1);
        assertThat(timer("upstream.duration").count()).isZero();
        assertThat(timer("token.wait").count()).isZero();
    }

    @Test
    void the_buckets_reach_from_5_ms_to_2_minutes() {
        assertThat(timer("call.duration").takeSnapshot().histogramCounts())
                .hasSize(15)
                .satisfies(buckets -> {
                    assertThat(buckets[0].bucket(MILLISECONDS)).isEqualTo(5);
                    assertThat(buckets[14].bucket(SECONDS)).isEqualTo(120);
                });
    }

    @Test
    void each_head_beyond_a_calls_first_is_a_second_try() {
        meters.ended(new CallRecord(Outcome.FAILED, 503, null, 0, 0, 0, MILLI, -1, 0));
        meters.ended(new CallRecord(Outcome.RELAYED, 200, null, 1, 0, 0, MILLI, MILLI, 0));
        assertThat(count("second.tries")).isZero();

        meters.ended(new CallRecord(Outcome.RELAYED, 200, null, 3, 0, 0, MILLI, MILLI, 0));
        assertThat(count("second.tries")).isEqualTo(2);
    }

    @Test
    void bytes_add_up() {
        meters.ended(new CallRecord(Outcome.RELAYED, 200, null, 1, 8_000_000, 300, MILLI, MILLI, 0));
        meters.ended(new CallRecord(Outcome.RELAYED, 200, null, 1, 500, 20, MILLI, MILLI, 0));

        assertThat(count("request.body")).isEqualTo(8_000_500);
        assertThat(count("response.body")).isEqualTo(320);
    }

    @Test
    void gauges_follow_their_source() {
        inProgress.set(3);

        assertThat(registry.get("valify.proxy.calls.in.progress").gauge().value())
                .isEqualTo(3);
    }

    private static CallRecord call(Outcome outcome, int status, ProxyError error) {
        return new CallRecord(outcome, status, error, 1, 0, 0, MILLI, MILLI, 0);
    }

    private double calls(String outcome, String status) {
        return registry.get("valify.proxy.calls")
                .tags("outcome", outcome, "status", status)
                .counter()
                .count();
    }

    private double count(String name) {
        return registry.get("valify.proxy." + name).counter().count();
    }

    private Timer timer(String name) {
        return registry.get("valify.proxy." + name).timer();
    }
}
