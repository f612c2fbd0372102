package dev.valifyproxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.RetryRule.Progress;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole decision whether a call is sent again. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RetryRuleTest {

    /** All that a connection's end can look like, and to whom it happened. */
    record Break(Progress progress, HttpMethod method, boolean replayable, boolean repeatedBefore) {

        boolean isSentAgain() {
            return RetryRule.afterBreak(progress, method, replayable, repeatedBefore);
        }
    }

    static Stream<Break> breaks() {
        return flags(5).flatMap(flag -> Stream.of(
                        "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "get", "X")
                .map(method -> new Break(
                        new Progress(flag[0], flag[1], flag[2]), HttpMethod.valueOf(method), flag[3], flag[4])));
    }

    private static Stream<boolean[]> flags(int count) {
        return Stream.iterate(0, bits -> bits < 1 << count, bits -> bits + 1).map(bits -> {
            boolean[] flags = new boolean[count];
            for (int i = 0; i < count; i++) {
                flags[i] = (bits & 1 << i) != 0;
            }
            return flags;
        });
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void after_a_break_a_call_goes_out_again_only_where_nothing_can_have_been_performed(Break it) {
        boolean safe = it.method().name().matches("GET|HEAD|OPTIONS");
        boolean again = !it.progress().answered()
                && it.replayable()
                && !it.repeatedBefore()
                && (!it.progress().headWritten() || (safe && it.progress().reused()));
        assertThat(it.isSentAgain()).isEqualTo(again);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "get", "Post"})
    void what_is_not_safe_never_goes_out_again_once_its_head_was_written(String method) {
        assertThat(flags(4).filter(flag -> new Break(
                                new Progress(flag[0], true, flag[1]), HttpMethod.valueOf(method), flag[2], flag[3])
                        .isSentAgain()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true,true,true", "true,false,false", "false,true,false", "false,false,false"})
    void after_a_rejection_a_call_goes_out_again_if_its_body_is_still_here_and_the_budget_allows_it(
            boolean replayable, boolean budget, boolean again) {
        assertThat(RetryRule.afterRejection(replayable, () -> budget)).isEqualTo(again);
    }

    @Test
    void a_call_that_cannot_be_sent_again_costs_the_budget_nothing() {
        AtomicInteger spent = new AtomicInteger();
        RetryRule.afterRejection(false, () -> spent.incrementAndGet() > 0);
        assertThat(spent).hasValue(0);
    }
}
