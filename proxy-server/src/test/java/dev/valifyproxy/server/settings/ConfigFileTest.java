package dev.valifyproxy.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import dev.valifyproxy.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigFileTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("MY_PORT", "8081", "NAME.WITH.DOTS", "x");

    @TempDir
    private Path folder;

    private Config read(String text) throws IOException {
        return new ConfigFile(Files.writeString(folder.resolve("my.conf"), text), ENVIRONMENT).read();
    }

    private List<String> problemsOf(String text) {
        InvalidConfigException e = catchThrowableOfType(InvalidConfigException.class, () -> read(text));
        assertThat(e).isNotNull();
        return e.problems().stream()
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }

    @Test
    void substitutions_come_from_the_file_and_from_the_environment() throws IOException {
        Config config = read("valify-proxy { server.port = ${MY_PORT}, admin.bind = ${valify-proxy.server.bind}\n"
                + "server.bind = 127.0.0.1, token.url = ${?NOT_SET} }");

        assertThat(config.getInt("valify-proxy.server.port")).isEqualTo(8081);
        assertThat(config.getString("valify-proxy.admin.bind")).isEqualTo("127.0.0.1");
        assertThat(config.hasPath("valify-proxy.token.url")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            valify-proxy.token.password = hunter2@bank
            valify-proxy.token.password = "hunter2
            valify-proxy { token.password = hunter2 : x
            valify-proxy { token.password = hunter2
            hunter2
            """)
    void a_file_that_does_not_parse_is_told_by_its_line_without_its_text(String line) {
        assertThat(problemsOf("\n" + line))
                .containsExactly("my.conf: 2: not valid HOCON here or just before;"
                        + " a value with # @ : or other signs in it needs quotes");
    }

    @Test
    void a_substitution_that_stands_for_nothing_is_told() {
        assertThat(problemsOf("valify-proxy.token.password = ${NOT_SET}"))
                .containsExactly("my.conf: 1: ${NOT_SET} is neither a key of the file nor an environment variable");
    }

    @Test
    void a_setting_outside_the_root_is_told() {
        assertThat(problemsOf("token.max-uses = 1\nvalify-proxi.token.max-uses = 1"))
                .containsExactly(
                        "token (my.conf: 1): unknown key; everything stands under valify-proxy { ... }",
                        "valify-proxi (my.conf: 2): unknown key; everything stands under valify-proxy { ... }");
    }

    @Test
    void a_file_that_is_not_there_is_told() {
        ConfigFile file = new ConfigFile(folder.resolve("none.conf"), ENVIRONMENT);

        assertThat(catchThrowableOfType(InvalidConfigException.class, file::read)
                        .problems())
                .containsExactly("cannot read " + folder.resolve("none.conf") + ": there is no such file");
    }

    @Test
    void a_folder_is_no_file() {
        ConfigFile file = new ConfigFile(folder, ENVIRONMENT);

        assertThat(catchThrowableOfType(InvalidConfigException.class, file::read)
                        .problems())
                .containsExactly("cannot read " + folder + ": Is a directory");
    }
}
