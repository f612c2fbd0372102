package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadinessTest {

    private static final Readiness READY = new Readiness(true, "ready");
    private static final Readiness REFUSED = new Readiness(false, "the credentials are refused: no");
    private static final Readiness FAILING = new Readiness(true, "minting fails: no answer");

    @Test
    void the_only_profile_speaks_for_the_proxy_and_is_not_named() {
        assertThat(Readiness.ofAll(Map.of("default", REFUSED))).isEqualTo(REFUSED);
        assertThat(Readiness.ofAll(Map.of("default", FAILING))).isEqualTo(FAILING);
    }

    @Test
    void of_several_each_must_be_ready_and_what_is_amiss_is_told_with_the_name() {
        Map<String, Readiness> profiles = new LinkedHashMap<>();
        profiles.put("default", READY);
        profiles.put("otp", READY);
        assertThat(Readiness.ofAll(profiles)).isEqualTo(READY);

        profiles.put("otp", FAILING);
        assertThat(Readiness.ofAll(profiles)).isEqualTo(new Readiness(true, "otp: minting fails: no answer"));

        profiles.put("staging", REFUSED);
        assertThat(Readiness.ofAll(profiles))
                .isEqualTo(new Readiness(
                        false, "otp: minting fails: no answer; staging: the credentials are refused: no"));
    }
}
