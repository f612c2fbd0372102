package dev.valifyproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import java.io.File;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** conf/application.conf, the code and the jar must say the same. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReferenceFileTest {

    private static final Config FILE = ConfigFactory.parseFile(new File("../conf/application.conf"));
    private static final Pattern BOUNDS =
            Pattern.compile("must be (?:auto, or )?(?:a whole number, )?(.* to .*|.* or .*)$");

    static Stream<String> proxyKeys() {
        return keys(FILE).filter(key -> !key.startsWith("valify-proxy.admin") && !key.startsWith("valify-proxy.log."));
    }

    private static Stream<String> keys(Config config) {
        Set<String> keys = new TreeSet<>();
        collect("", config.root(), keys);
        return keys.stream();
    }

    private static void collect(String path, ConfigObject object, Set<String> keys) {
        object.forEach((key, value) -> {
            String child = path.isEmpty() ? key : path + "." + ConfigUtil.joinPath(key);
            if (value instanceof ConfigObject inner) {
                collect(child, inner, keys);
            } else {
                keys.add(child);
            }
        });
    }

    @Test
    void the_jar_carries_the_file_as_its_defaults() {
        assertThat(ConfigFactory.parseResources("reference.conf").root()).isEqualTo(FILE.root());
    }

    @Test
    void every_key_of_the_file_is_read_by_the_code() {
        // A key that nobody reads is an unknown one, wherever it stands.
        assertThat(ProxyConfig.from(ProxyConfigTest.CREDENTIALS.withFallback(FILE)))
                .isEqualTo(ProxyConfigTest.with(""));
    }

    @Test
    void a_key_that_the_code_reads_must_stand_in_the_file() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Section.read(
                        ConfigFactory.empty(),
                        new Problems(),
                        root -> root.section("token").intFrom("sides", 1, 2)))
                .withMessage("valify-proxy.token.sides is read, but the reference file does not list it");
    }

    @ParameterizedTest
    @MethodSource("proxyKeys")
    void what_the_code_would_take_is_what_the_file_says(String key) {
        InvalidConfigException e = catchThrowableOfType(
                InvalidConfigException.class,
                () -> ProxyConfig.from(ConfigFactory.parseString(key + " = " + outOfBounds(key))
                        .withFallback(ProxyConfigTest.CREDENTIALS)));
        String explanation = String.join(" ", comments(key));

        assertThat(explanation).isNotBlank();
        Matcher bounds = BOUNDS.matcher(e == null ? "" : e.getMessage());
        if (bounds.find() && !bounds.group().contains("such as")) {
            assertThat(explanation.replaceAll("\\s+", " ")).contains(bounds.group(1));
        }
    }

    /** So large that the code tells its bounds, and a number with a unit where the default has one. */
    private static String outOfBounds(String key) {
        String unit = FILE.hasPath(key) && FILE.getValue(key).render().endsWith("B\"") ? " YiB" : " d";
        return "\"999999999" + unit + "\"";
    }

    private static List<String> comments(String key) {
        List<String> names = ConfigUtil.splitPath(key);
        ConfigObject section = FILE.getObject(ConfigUtil.joinPath(names.subList(0, names.size() - 1)));
        return section.get(names.get(names.size() - 1)).origin().comments();
    }
}
