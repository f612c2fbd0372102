package dev.valifyproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RequestTargetTest {

    @ParameterizedTest
    @CsvSource({
        "/a/b?c=d, /a/b?c=d",
        "/a//b/%7e/../c, /a//b/%7e/../c",
        "http://h/a?b, /a?b",
        "HTTPS://h:8443/a, /a",
        "http://h, /",
        "http://h?x=1, /?x=1",
    })
    void origin_form_passes_byte_for_byte_and_absolute_form_loses_its_authority(String target, String origin) {
        assertThat(RequestTarget.originForm(target, false)).isEqualTo(origin);
    }

    @Test
    void asterisk_form_is_for_options_alone() {
        assertThat(RequestTarget.originForm("*", true)).isEqualTo("*");
        assertThat(RequestTarget.originForm("http://h", true)).isEqualTo("*");
        assertThat(RequestTarget.originForm("*", false)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h:443", "ftp://h/", "a/b", "?x", "http:///a", "http://u@h/a", "http://h:x/a"})
    void other_forms_are_not_served(String target) {
        assertThat(RequestTarget.originForm(target, false)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a b", "/a#b", "/a\u0000", "/a\u007f", "/\u00e9", "/a\tb"})
    void a_target_with_forbidden_characters_is_malformed(String target) {
        assertThat(RequestTarget.isWellFormed(target)).isFalse();
    }
}
