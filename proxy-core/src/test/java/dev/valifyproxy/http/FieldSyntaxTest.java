package dev.valifyproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FieldSyntaxTest {

    @ParameterizedTest
    @ValueSource(strings = {"h", "h.example:80", "127.0.0.1:8080", "[::1]", "[::1]:8080", "h:", "x_y.svc"})
    void a_host_with_or_without_port_is_valid(String host) {
        assertThat(FieldSyntax.isHost(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":80", "a b", "a/b", "u@h", "h:80:80", "h:8o", "h:123456", "[::1", "[]", "[::1]x", "h,"})
    void anything_else_is_not(String host) {
        // A comma may stand in a reg-name, so two hosts in one field are told apart only by what follows.
        assertThat(FieldSyntax.isHost(host)).isEqualTo(host.equals("h,"));
    }

    @Test
    void the_elements_of_a_list_come_trimmed_and_without_the_empty_ones() {
        List<String> elements = new ArrayList<>();
        FieldSyntax.forEachElement(" close ,, X-A\t,keep-alive,", element -> elements.add(element.toString()));
        assertThat(elements).containsExactly("close", "X-A", "keep-alive");
    }
}
