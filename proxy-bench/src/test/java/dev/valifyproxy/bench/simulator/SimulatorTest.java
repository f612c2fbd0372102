package dev.valifyproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SimulatorTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void it_runs_what_is_asked_for() {
        assertThat(simulator("--trace", "cold-burst,trickle", "--scheme", "ours,fixed", "--seeds", "1"))
                .isZero();

        assertThat(out.toString().lines()).hasSize(5);
        assertThat(out.toString()).containsPattern("cold-burst +fixed").containsPattern("trickle +ours");
    }

    @Test
    void it_leaves_a_table_and_two_plots(@TempDir Path directory) {
        assertThat(simulator(
                        "--trace",
                        "cold-burst",
                        "--seeds",
                        "1",
                        "--out",
                        directory.resolve("new").toString()))
                .isZero();

        assertThat(directory.resolve("new/results.csv")).content().startsWith("scenario,scheme,calls");
        assertThat(directory.resolve("new/waits.svg")).content().startsWith("<svg");
        assertThat(directory.resolve("new/waste.svg")).content().endsWith("</svg>\n");
    }

    @Test
    void a_file_goes_before_the_defaults(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("own.conf"), "simulator.schemes.fixed.uses = 300");

        assertThat(simulator("--trace", "cold-burst", "--scheme", "fixed", "--seeds", "1", "-c", file.toString()))
                .isZero();

        // All hundred calls are served from stock.
        assertThat(out.toString()).containsPattern("cold-burst +fixed +100 +0.0000");
    }

    @Test
    void an_unknown_scenario_is_named_with_those_there_are() {
        assertThat(simulator("--trace", "nonsense")).isEqualTo(2);

        assertThat(err.toString()).contains("no scenario nonsense").contains("cold-burst");
    }

    @Test
    void an_unknown_scheme_is_named() {
        assertThat(simulator("--scheme", "nonsense")).isEqualTo(2);

        assertThat(err.toString()).contains("nonsense");
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        assertThat(simulator("-c", "nowhere.conf")).isEqualTo(2);

        assertThat(err.toString()).contains("nowhere.conf");
    }

    private int simulator(String... args) {
        return Simulator.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
