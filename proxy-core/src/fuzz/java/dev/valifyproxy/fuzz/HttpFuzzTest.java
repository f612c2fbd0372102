package dev.valifyproxy.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;

/** The targets, driven by coverage. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpFuzzTest {

    private static final String NO_END = "24h";

    @FuzzTest(maxDuration = NO_END)
    void requests(byte[] input) {
        FuzzTargets.requests(input);
    }

    @FuzzTest(maxDuration = NO_END)
    void answers(byte[] input) {
        FuzzTargets.answers(input);
    }

    @FuzzTest(maxDuration = NO_END)
    void chunks(byte[] input) {
        FuzzTargets.chunks(input);
    }

    @FuzzTest(maxDuration = NO_END)
    void targets(byte[] input) {
        FuzzTargets.targets(input);
    }
}
