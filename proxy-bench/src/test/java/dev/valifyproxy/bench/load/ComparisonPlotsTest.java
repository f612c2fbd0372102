package dev.valifyproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ComparisonPlotsTest {

    private static final String RESULTS = """
            {"proxies": {"ours": []}, "works": [
              {"title": "small", "variants": ["fast"], "peers": [
                {"name": "direct", "variant": "fast", "rounds": [{"p99_us": 1}]},
                {"name": "floor", "variant": "fast", "rounds": [
                  {"cpu_us": 4, "p99_us": 7}, {"cpu_us": 100, "p99_us": 9}, {"cpu_us": 5, "p99_us": 8}]},
                {"name": "ours", "variant": "fast", "rounds": [{"cpu_us": 9, "p99_us": 20}, {"cpu_us": 11, "p99_us": 30}]}]},
              {"title": "slow", "variants": ["a", "b"], "peers": [
                {"name": "ours", "variant": "a", "rounds": [{"cpu_us": 1}]},
                {"name": "ours", "variant": "b", "rounds": [{"cpu_us": 2}]}]},
              {"title": "idle", "variants": ["fast"], "peers": [
                {"name": "ours", "variant": "fast", "rounds": [{"idle_kib": 5}]}]}]}
            """;

    @Test
    void medians_are_compared_with_the_floors() throws Exception {
        assertThat(Comparison.all(new ObjectMapper().readTree(RESULTS)))
                .containsExactly(
                        new Comparison("small", "floor", false, 5, 1, 8),
                        new Comparison("small", "ours", true, 10, 2, 25),
                        new Comparison("slow, a", "ours", true, 1, 0, 0),
                        new Comparison("slow, b", "ours", true, 2, 0, 0));
    }

    @Test
    void the_plots_are_well_formed_and_have_a_dot_for_each_result_on_each_axis(@TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(directory.resolve("results.json"), RESULTS);

        int status = ComparisonPlots.commandLine().execute(file.toString(), "--out", directory.toString());

        assertThat(status).isZero();
        int legend = 2;
        assertThat(dots(directory.resolve("cost.svg"))).isEqualTo(legend + 4 * 2);
        assertThat(dots(directory.resolve("latency.svg"))).isEqualTo(legend + 4);
    }

    private static int dots(Path plot) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(plot.toFile())
                .getElementsByTagName("circle")
                .getLength();
    }
}
