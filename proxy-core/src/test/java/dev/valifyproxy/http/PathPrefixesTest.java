package dev.valifyproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PathPrefixesTest {

    private final PathPrefixes prefixes = new PathPrefixes(List.of("/a", "/a/b/c/", "/a/b", "//d/%65"));

    @ParameterizedTest
    @CsvSource({
        "/a,0",
        "/a/,0",
        "/a?b,0",
        "/a/?b=/a/b,0",
        "/a/x/b,0",
        "/a/bc,0",
        "/a/b,2",
        "/a/b/,2",
        "/a/b/cd,2",
        "/a/b/c,1",
        "/a/b/c/,1",
        "/a/b/c/d/e/,1",
        "/d/e,3",
    })
    void the_longest_one_counts_in_whole_segments(String target, int longest) {
        assertThat(prefixes.longestOf(target)).isEqualTo(longest);
    }

    @ParameterizedTest
    @CsvSource({
        "//a//b/c,1",
        "/./a/b/c/..,2",
        "/a/%62/c/x,1",
        "/a/%2562/,2",
        "/a;v=1/b/c,1",
        "\\a\\b,2",
        "/x/../a/,0",
        "/d//e/f,3"
    })
    void however_the_path_is_spelt(String target, int longest) {
        assertThat(prefixes.longestOf(target)).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "*", "/A", "/b", "/ab", "/x/a/", "/a/..", "/?/a"})
    void there_may_be_none(String target) {
        assertThat(prefixes.longestOf(target)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"/,0", "/x,0", "/x/y/,0", "//,0", "/?x,0", "*,-1"})
    void the_root_holds_every_path(String target, int longest) {
        assertThat(new PathPrefixes(List.of("/")).longestOf(target)).isEqualTo(longest);
    }
}
