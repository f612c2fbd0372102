package dev.valifyproxy.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AxisTest {

    private final Axis<Double> axis = new Axis<>("share", share -> share, -3, 2);
    private final List<Double> places =
            axis.ticks().stream().map(Axis.Tick::position).toList();

    @Test
    void an_axis_has_a_place_for_zero_and_decades_at_equal_distances() {
        assertThat(axis.ticks())
                .extracting(Axis.Tick::text)
                .containsExactly("0", "0.001", "0.01", "0.1", "1", "10", "100");
        assertThat(places.get(0)).isZero();
        assertThat(places.get(6)).isEqualTo(1);
        assertThat(places.get(3) - places.get(2)).isCloseTo(places.get(6) - places.get(5), within(1e-9));
    }

    @Test
    void a_result_stands_where_its_number_does() {
        assertThat(axis.position(0.01)).isEqualTo(places.get(2));
    }

    @Test
    void what_is_off_the_axis_stands_at_its_end() {
        assertThat(axis.position(0.0001)).isZero();
        assertThat(axis.position(1_000.0)).isEqualTo(1);
    }
}
