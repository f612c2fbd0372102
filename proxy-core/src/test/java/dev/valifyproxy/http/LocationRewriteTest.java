package dev.valifyproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LocationRewriteTest {

    private final LocationRewrite rewrite = new LocationRewrite(URI.create("https://valifystage.com"));

    @ParameterizedTest
    @CsvSource({
        "https://valifystage.com/api/v2/ocr/, /api/v2/ocr/",
        "https://www.valifystage.com/api/v2/ocr/, /api/v2/ocr/",
        "HTTPS://ValifyStage.com/a?b=c#d, /a?b=c#d",
        "https://valifystage.com:443/a, /a",
        "http://valifystage.com/a, /a",
        "//valifystage.com/a, /a",
        "https://valifystage.com, /",
        "https://valifystage.com?x=1, /?x=1",
        "https://valifystage.com//evil.example/, /.//evil.example/",
        "https://valifystage.com/a%2Fb|c, /a%2Fb|c",
    })
    void a_location_of_the_upstreams_origin_becomes_a_path(String location, String path) {
        assertThat(rewrite.rewrite(location)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v2/ocr/",
                "ocr/",
                "https://other.example/api/",
                "https://valifystage.com.evil.example/",
                "https://valifystage.com:8443/a",
                "https://valifystage.com@evil.example/",
                "mailto:someone@valifystage.com",
                "",
                "https://[bad",
            })
    void any_other_passes_as_it_is(String location) {
        assertThat(rewrite.rewrite(location)).isNull();
    }

    @Test
    void a_base_url_with_www_has_its_bare_twin_too() {
        LocationRewrite www = new LocationRewrite(URI.create("https://www.valifystage.com"));
        assertThat(www.rewrite("https://valifystage.com/a")).isEqualTo("/a");
    }

    @Test
    void a_port_of_its_own_is_part_of_the_origin() {
        LocationRewrite local = new LocationRewrite(URI.create("http://127.0.0.1:8081"));
        assertThat(local.rewrite("http://127.0.0.1:8081/a")).isEqualTo("/a");
        assertThat(local.rewrite("http://127.0.0.1:9999/a")).isNull();
    }
}
