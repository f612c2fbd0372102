package dev.valifyproxy.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TrialsRemainingTest {

    private static int in(String body) {
        return TrialsRemaining.in(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"trials_remaining":2}                                                              | 2
            {"trials_remaining":0}                                                              | 0
            {"trials_remaining":2147483647}                                                     | 2147483647
            {"result":{"name":"منى"},"transaction_id":"b80e","trials_remaining":1}              | 1
            {"trials_remaining":1,"result":[{"trials_remaining":7}]}                            | 1
            { "message" : "…", "error_code" : 5015, "transaction_id" : 9, "trials_remaining" : 0 } | 0
            """)
    void a_number_at_the_top_is_told(String body, int told) {
        assertThat(in(body)).isEqualTo(told);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"verified\":true}",
                "{\"result\":{\"trials_remaining\":2}}",
                "{\"trials_remaining\":null}",
                "{\"trials_remaining\":\"2\"}",
                "{\"trials_remaining\":2.0}",
                "{\"trials_remaining\":2e0}",
                "{\"trials_remaining\":-1}",
                "{\"trials_remaining\":2147483648}",
                "{\"trials_remaining\":99999999999999999999}",
                "{\"trials_remaining\":[2]}",
                "{\"trials_remaining\":2,\"trials_remaining\":1}",
                "{\"trials_remaining\":2",
                "{\"trials_remaining\":2}}",
                "{\"trials_remaining\":2}{}",
                "[{\"trials_remaining\":2}]",
                "\"trials_remaining\"",
                "<html>trials_remaining: 2</html>"
            })
    void anything_else_tells_nothing(String body) {
        assertThat(in(body)).isEqualTo(TrialsRemaining.UNTOLD);
    }

    @Test
    void nesting_without_end_tells_nothing() {
        assertThat(in("{\"a\":".repeat(800))).isEqualTo(TrialsRemaining.UNTOLD);
    }
}
