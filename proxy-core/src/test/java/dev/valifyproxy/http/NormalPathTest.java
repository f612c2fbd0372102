package dev.valifyproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NormalPathTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "//, /",
        "/?x=/a, /",
        "/a/b, /a/b",
        "/a/b/, /a/b",
        "//a///b//, /a/b",
        "/a/./b, /a/b",
        "/a/x/../b, /a/b",
        "/../a, /a",
        "/a;v=1/b, /a/b",
        "/%61/b, /a/b",
        "/a%2Fb, /a/b",
        "/a%252fb, /a/b",
        "/a/b?c=//d, /a/b",
        "/A/b, /A/b",
        "*, *"
    })
    void a_path_has_one_normal_form_however_it_is_spelt(String target, String normal) {
        assertThat(NormalPath.of(target)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1, /api/v1, true",
        "/api/v1/ocr, /api/v1, true",
        "/api/v1.5/ocr, /api/v1, false",
        "/api, /api/v1, false",
        "/x/api/v1, /api/v1, false",
        "/api, /, true",
        "/, /, true",
        "*, /, false"
    })
    void a_path_lies_within_another_by_whole_segments(String path, String prefix, boolean within) {
        assertThat(NormalPath.isWithin(path, prefix)).isEqualTo(within);
    }
}
