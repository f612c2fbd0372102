package dev.valifyproxy.fuzz;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The fuzzer's seeds, and what it found, once more: a file of {@code HttpFuzzTestInputs} each, those that were findings named so. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SeedsTest {

    private static final Map<String, Consumer<byte[]>> TARGETS = Map.of(
            "requests", FuzzTargets::requests,
            "answers", FuzzTargets::answers,
            "chunks", FuzzTargets::chunks,
            "targets", FuzzTargets::targets);

    static Stream<Arguments> seeds() throws URISyntaxException, IOException {
        Path root = Path.of(SeedsTest.class.getResource("HttpFuzzTestInputs").toURI());
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> seeds = files.filter(Files::isRegularFile).sorted().toList();
            return seeds.stream().map(seed -> {
                String target = seed.getParent().getFileName().toString();
                return Arguments.of(Named.of(target + ": " + seed.getFileName(), seed), TARGETS.get(target));
            });
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seeds")
    void an_input_that_was_once_of_interest_does_no_harm(Path seed, Consumer<byte[]> target) throws IOException {
        target.accept(Files.readAllBytes(seed));
    }
}
