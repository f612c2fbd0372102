package dev.valifyproxy.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SecretTest {

    private record Holder(String user, Secret password) {}

    @Test
    void a_secret_is_masked_wherever_it_is_printed() {
        Secret secret = Secret.of("p#a@s&s");
        assertThat(secret.toString()).isEqualTo("***");
        assertThat(new Holder("me", secret).toString()).contains("me").doesNotContain("p#a");
    }

    @Test
    void it_reveals_its_value_to_who_asks() {
        assertThat(Secret.of("p#a@s&s+%").reveal()).isEqualTo("p#a@s&s+%");
        assertThat(Secret.of("").reveal()).isEmpty();
    }

    @Test
    void secrets_are_equal_by_value() {
        assertThat(Secret.of("one")).isEqualTo(Secret.of("one")).hasSameHashCodeAs(Secret.of("one"));
        assertThat(Secret.of("one")).isNotEqualTo(Secret.of("two")).isNotEqualTo(Secret.of("one "));
        assertThat((Object) Secret.of("one")).isNotEqualTo("one");
    }
}
