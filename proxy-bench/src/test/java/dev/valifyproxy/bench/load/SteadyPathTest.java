package dev.valifyproxy.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.valifyproxy.worker.Transport;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard against calls that cost more than they did: counts, which a busy machine does not change, are held to committed bounds. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SteadyPathTest {

    private static final Properties COUNTED = new Properties();
    private static final Properties BOUNDS = new Properties();

    @BeforeAll
    static void count(@TempDir Path directory) throws Exception {
        BOUNDS.load(SteadyPathTest.class.getResourceAsStream("/steady-path.properties"));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Path.of("..", "conf", "jvm.options"),
                        "-XX:TieredStopAtLevel=1",
                        "-Dio.netty.bootstrap.extensions=serviceload",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SteadyPath.class.getName())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String counted = Files.readString(out, UTF_8);
        assertThat(process.exitValue()).as(Files.readString(err, UTF_8)).isZero();
        System.out.println("A call on the steady path:\n" + counted.indent(2));
        read(counted);
    }

    private static void read(String counted) throws IOException {
        COUNTED.load(new StringReader(counted));
        double beyond = number(COUNTED, "proxy.allocated") - number(COUNTED, "bare.allocated");
        COUNTED.setProperty("proxy.allocated-beyond-bare", String.valueOf(beyond));
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.allocated-beyond-bare", "proxy.reads", "proxy.flushes"})
    void a_call_costs_no_more_than_it_did(String what) {
        assertThat(number(COUNTED, what)).as(what).isLessThanOrEqualTo(number(BOUNDS, what));
    }

    @Test
    void a_call_allocates_no_more_than_it_did() {
        assumeTrue(Runtime.version().feature() == 17, "Netty itself allocates more on later versions");

        assertThat(number(COUNTED, "proxy.allocated")).isLessThanOrEqualTo(number(BOUNDS, "proxy.allocated"));
    }

    @Test
    void a_call_asks_no_more_of_the_system_than_it_did() {
        assumeTrue(Transport.best() == Transport.EPOLL, "another transport asks for other things");
        assumeTrue(COUNTED.containsKey("proxy.system-calls"), "strace is not there, or may not trace");

        assertThat(number(COUNTED, "proxy.system-calls"))
                .isLessThanOrEqualTo(number(BOUNDS, "proxy.system-calls"))
                .isGreaterThanOrEqualTo(4);
    }

    @Test
    void what_is_counted_is_a_whole_call() {
        // Else a bound would hold whatever calls cost: each side is read and flushed at least once, and Netty's codecs
        // allocate.
        assertThat(number(COUNTED, "proxy.reads")).isGreaterThanOrEqualTo(1.9);
        assertThat(number(COUNTED, "proxy.flushes")).isGreaterThanOrEqualTo(1.9);
        assertThat(number(COUNTED, "bare.allocated")).isGreaterThan(500);
    }

    private static double number(Properties numbers, String name) {
        return Double.parseDouble(numbers.getProperty(name));
    }
}
