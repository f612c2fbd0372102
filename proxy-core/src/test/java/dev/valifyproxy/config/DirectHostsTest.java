package dev.valifyproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DirectHostsTest {

    private static boolean includes(String names, String url) {
        return new DirectHosts(List.of(names.split(",", -1))).include(URI.create(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8081",
                "https://LocalHost",
                "http://127.0.0.1:8081",
                "http://127.8.0.1",
                "http://[::1]:8081"
            })
    void this_machine_is_always_among_them(String url) {
        assertThat(includes("", url)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://valifystage.com, valifystage.com",
        "https://www.valifystage.com, valifystage.com",
        "https://valifystage.com, 'a.example, .ValifyStage.com'",
        "https://www.valifystage.com, *.valifystage.com",
        "https://valifystage.com, valifystage.com:443",
        "http://valifystage.com, valifystage.com:80",
        "http://10.1.2.3:8443, 10.1.2.3:8443",
        "https://valifystage.com, *"
    })
    void a_host_is_among_them_by_its_name_that_of_a_parent_or_a_star(String url, String names) {
        assertThat(includes(names, url)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://valifystage.com, ''",
        "https://valifystage.com, ' , '",
        "https://valifystage.com, other.example",
        "https://valifystage.com, stage.com",
        "https://valifystage.com, www.valifystage.com",
        "https://valifystage.com, 'valifystage.com:8443'",
        "https://127.0.0.1.example, ''",
        "https://localhost.example, ''"
    })
    void any_other_host_is_not(String url, String names) {
        assertThat(includes(names, url)).isFalse();
    }
}
