package dev.valifyproxy.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExpositionFormatTest {

    private static final String PROMETHEUS_2 = "application/openmetrics-text;version=1.0.0,"
            + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    private static final String PROMETHEUS_3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    @Test
    void content_types_are_exactly_those_of_the_two_specifications() {
        assertThat(ExpositionFormat.TEXT.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(ExpositionFormat.OPEN_METRICS.contentType())
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {PROMETHEUS_2, PROMETHEUS_3})
    void prometheus_gets_open_metrics(String accept) {
        assertThat(ExpositionFormat.preferred(List.of(accept))).isEqualTo(ExpositionFormat.OPEN_METRICS);
    }

    @Test
    void who_says_nothing_gets_text() {
        assertThat(ExpositionFormat.preferred(List.of())).isEqualTo(ExpositionFormat.TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/openmetrics-text",
                "Application/OpenMetrics-Text; Version=1.0.0",
                "application/openmetrics-text; version=\"1.0.0\"; charset=utf-8",
                "text/plain;q=0.4, application/openmetrics-text;q=0.5",
                "application/*, text/plain;q=0.9",
                "text/plain;q=0, */*",
                "application/openmetrics-text;q=1.000 , text/plain ; q=0.999",
            })
    void open_metrics_comes_where_it_weighs_more(String accept) {
        assertThat(ExpositionFormat.preferred(List.of(accept))).isEqualTo(ExpositionFormat.OPEN_METRICS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "",
                ",;,",
                "text/html,application/xhtml+xml,*/*;q=0.8",
                "text/plain, application/openmetrics-text",
                "application/openmetrics-text;q=0",
                "application/openmetrics-text;q=0.5, text/*;q=0.6",
                "application/openmetrics-text;version=0.0.1",
                "application/openmetrics-text;version=2.0.0, text/plain;q=0.1",
                "application/openmetrics-text;q=0.3, */*;q=0.4",
                "application/vnd.google.protobuf",
            })
    void text_comes_otherwise(String accept) {
        assertThat(ExpositionFormat.preferred(List.of(accept))).isEqualTo(ExpositionFormat.TEXT);
    }

    @ParameterizedTest
    @CsvSource({"2", "-1", "0.5555", "1.001", "x", "''", "NaN"})
    void a_weight_that_is_none_counts_as_0(String weight) {
        assertThat(ExpositionFormat.preferred(List.of("application/openmetrics-text;q=" + weight)))
                .isEqualTo(ExpositionFormat.TEXT);
    }

    @Test
    void the_most_specific_range_decides_wherever_it_stands() {
        assertThat(ExpositionFormat.preferred(List.of(
                        "application/openmetrics-text;version=1.0.0;q=0.1, application/openmetrics-text;q=0.9",
                        "text/plain;q=0.5")))
                .isEqualTo(ExpositionFormat.TEXT);
    }

    @Test
    void several_field_lines_are_one_list() {
        assertThat(ExpositionFormat.preferred(List.of("text/plain;q=0.5", "application/openmetrics-text")))
                .isEqualTo(ExpositionFormat.OPEN_METRICS);
    }
}
