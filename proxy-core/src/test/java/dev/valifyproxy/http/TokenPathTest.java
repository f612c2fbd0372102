package dev.valifyproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/o/token/",
                "/api/o/token",
                "//api/o/token/",
                "/api//o///token//",
                "/api/./o/token/",
                "/api/x/../o/token/",
                "/./api/o/token/.",
                "/../api/o/token/",
                "/%61pi/o/token/",
                "/api/o/%74oken/",
                "/api%2Fo%2ftoken/",
                "/api/o/token%2F",
                "/api/%2e/o/token/",
                "/api/x/%2E%2e/o/token/",
                "/api/%256f/token/",
                "/api/%252525256f/token/",
                "/api/%25%36%66/token/",
                "/api/%%32%35%36f/token/",
                "/api/o;v=1/token/",
                "/api/o/token;jsessionid=1",
                "\\api\\o\\token",
                "/api/o/token/?next=/",
                "/api/o/token?x=%2F..%2F",
            })
    void a_spelling_of_the_token_path_is_recognised(String target) {
        assertThat(TokenPath.matches(target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "*",
                "/api/o/",
                "/api/o/tokens/",
                "/api/o/token/x",
                "/api/o/token/introspect",
                "/api/v1.5/ocr/",
                "/api/v1.5/ocr/?path=/api/o/token/",
                "/x/api/o/token/",
                "/api/o/token/../revoke",
                "/api/o/%zztoken/",
            })
    void another_path_is_not(String target) {
        assertThat(TokenPath.matches(target)).isFalse();
    }

    /** A pass for each level would take minutes. */
    @Test
    @Timeout(20)
    void escapes_of_escapes_cost_no_more_than_others() {
        assertThat(TokenPath.matches("/api/%" + "25".repeat(400_000) + "6f/token/"))
                .isTrue();
    }
}
