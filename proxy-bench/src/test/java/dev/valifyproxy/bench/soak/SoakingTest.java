package dev.valifyproxy.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The soak in short; the long one is run by hand. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SoakingTest {

    @ParameterizedTest
    @CsvSource({"ALL, 6, 40", "RESETS, 2, 40"})
    void whatever_goes_wrong_every_call_is_accounted_for_and_nothing_is_left_behind(
            FaultMix faults, int seconds, int connections) {
        SoakSettings settings =
                new SoakSettings(Duration.ofSeconds(seconds), connections, "auto", faults, 20261124, 200_000);

        Report report = Soaking.run(settings);

        assertThat(report.problems()).isEmpty();
        assertThat(report.ends()).containsKeys(End.RELAYED, End.UNKNOWN, End.LEFT);
    }
}
