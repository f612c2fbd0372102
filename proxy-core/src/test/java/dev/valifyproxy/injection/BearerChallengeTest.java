package dev.valifyproxy.injection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a field WWW-Authenticate says of a bearer token. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BearerChallengeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer error=\"invalid_token\"",
                "Bearer error=invalid_token",
                "bearer realm=\"api\",error=\"invalid_token\", error_description=\"expired\"",
                "Bearer ERROR = invalid_token",
                "Basic realm=\"x\", Bearer realm=\"api\", error =\t\"invalid_token\"",
                "Negotiate YWJj==, Bearer error=\"invalid_token\"",
                "Bearer realm=\"Basic, error=other\", error=\"invalid_token\"",
                "Bearer realm=\"a \\\" error=\\\"other\", error=\"invalid_token\"",
                "Bearer error=\"invalid_token\", error_description=\"see error=other\"",
            })
    void its_error_code_is_found(String field) {
        assertThat(BearerChallenge.error(field)).isEqualTo("invalid_token");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Bearer error="invalid_token_format" | invalid_token_format
            Bearer error="insufficient_scope"   | insufficient_scope
            Bearer error="two words"            | two words
            """)
    void it_is_taken_whole(String field, String code) {
        assertThat(BearerChallenge.error(field)).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer realm=\"api\"",
                "Bearer realm=\"error=invalid_token\"",
                "Bearer error_description=\"error=invalid_token\"",
                "Bearer x-error=invalid_token",
                "Basic error=\"invalid_token\"",
                "Bearer realm=\"api\", Digest error=\"invalid_token\"",
                "XBearer error=\"invalid_token\"",
                "error=\"invalid_token\""
            })
    void there_may_be_none(String field) {
        assertThat(BearerChallenge.error(field)).isNull();
    }

    /** Recursion would end the stack, and backtracking would take minutes. */
    @Test
    @Timeout(20)
    void a_long_field_costs_no_more_than_its_length() {
        assertThat(BearerChallenge.error("Bearer realm=\"" + "\\\"".repeat(500_000)))
                .isNull();
        assertThat(BearerChallenge.error("Bearer ".repeat(100_000) + "=".repeat(100_000)))
                .isNull();
        assertThat(BearerChallenge.error("Bearer realm=\"" + "\\\"".repeat(500_000) + "\", error=e"))
                .isEqualTo("e");
    }
}
