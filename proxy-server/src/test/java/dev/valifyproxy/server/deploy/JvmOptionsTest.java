package dev.valifyproxy.server.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM says of the flags it is shipped with, which is nothing. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class JvmOptionsTest {

    @TempDir
    private Path folder;

    @Test
    void without_an_archive_of_classes_it_starts_without_a_word() throws IOException, InterruptedException {
        assertThat(said(folder.resolve("none.jsa"))).isEmpty();
    }

    @Test
    void an_archive_of_classes_that_it_cannot_use_is_passed_over_without_a_word()
            throws IOException, InterruptedException {
        assertThat(said(Files.writeString(folder.resolve("other.jsa"), "not of this JVM, nor of this jar")))
                .isEmpty();
    }

    private static String said(Path archive) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@../conf/jvm.options",
                "-XX:SharedArchiveFile=" + archive,
                Silent.class.getName());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // of which the JVM tells
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** A program that says nothing itself. */
    static final class Silent {
        private Silent() {}

        public static void main(String[] args) {}
    }
}
