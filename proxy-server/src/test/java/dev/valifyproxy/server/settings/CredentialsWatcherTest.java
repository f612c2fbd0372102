package dev.valifyproxy.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.oauth.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A user name and a password in files, whose changes are looked for by hand. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CredentialsWatcherTest {

    private final List<String> takenUp = new ArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(CredentialsWatcher.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private boolean endpointMoved;
    private boolean halfWrittenOnce;
    private Path username;
    private Path password;
    private CredentialsWatcher watcher;

    @TempDir
    private Path folder;

    @BeforeEach
    void read_once() throws IOException {
        username = Files.writeString(folder.resolve("username"), "ann3");
        password = Files.writeString(folder.resolve("password"), "hunter2\n");
        logged.start();
        logger.addAppender(logged);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        watcher = watcher();
    }

    @AfterEach
    void stop() {
        watcher.close();
        logger.detachAppender(logged);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private CredentialsWatcher watcher() {
        Map<String, String> environment = Map.of(
                "VALIFY_USERNAME_FILE",
                username.toString(),
                "VALIFY_PASSWORD_FILE",
                password.toString(),
                "VALIFY_CLIENT_ID",
                "id4",
                "VALIFY_CLIENT_SECRET",
                "x5y");
        ConfigLoader loader = new ConfigLoader(environment, new Properties());
        String[] inUse = {shown(loader.load(null).proxy())};
        return new CredentialsWatcher(loader.load(null).secretFiles(), () -> read(loader), next -> {
            if (endpointMoved) {
                throw new IllegalArgumentException("the token URL is another one now");
            }
            String now = shown(next);
            if (now.equals(inUse[0])) {
                return false;
            }
            inUse[0] = now;
            takenUp.add(now);
            return true;
        });
    }

    /** At times while somebody writes the same password once more. */
    private ServerConfig read(ConfigLoader loader) {
        if (!halfWrittenOnce) {
            return loader.load(null);
        }
        halfWrittenOnce = false;
        try {
            String whole = Files.readString(password);
            Files.writeString(password, whole.substring(0, 3));
            ServerConfig half = loader.load(null);
            Files.writeString(password, whole);
            return half;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shown(ProxyConfig config) {
        Credentials credentials = config.profiles().get(0).oauth().credentials();
        return credentials.username().reveal() + ":" + credentials.password().reveal();
    }

    private void look(int times) {
        for (int look = 0; look < times; look++) {
            watcher.look();
        }
    }

    private List<String> lines() {
        return logged.list.stream()
                .map(event ->
                        event.getLevel() + " " + event.getFormattedMessage().replace(folder + "/", ""))
                .toList();
    }

    @Test
    void what_has_not_changed_is_not_taken_up() {
        look(5);

        assertThat(takenUp).isEmpty();
        assertThat(lines()).isEmpty();
    }

    @Test
    void what_is_half_written_while_the_configuration_is_read_is_never_taken_up() throws IOException {
        look(5);
        Files.writeString(password, "hunter3");
        look(1);
        halfWrittenOnce = true;

        look(5);

        assertThat(takenUp).containsExactly("ann3:hunter3");
    }

    @Test
    void what_has_changed_is_taken_up_once_two_looks_saw_the_same() throws IOException {
        look(5);
        Files.writeString(password, "hunter3\n");

        look(1);
        assertThat(takenUp).isEmpty();
        look(1);
        assertThat(takenUp).containsExactly("ann3:hunter3");
        look(5);
        assertThat(takenUp).hasSize(1);
        assertThat(lines()).containsExactly("INFO new credentials were read from [username, password]");
    }

    @Test
    void what_changed_between_the_reading_of_the_configuration_and_the_first_look_is_not_missed() throws IOException {
        Files.writeString(password, "hunter3");
        look(2);

        assertThat(takenUp).containsExactly("ann3:hunter3");
    }

    @Test
    void a_new_user_name_is_not_taken_up_with_the_old_password() throws IOException {
        look(2);
        Files.writeString(username, "bob");
        look(1);
        Files.writeString(password, "hunter3");
        look(1);
        assertThat(takenUp).isEmpty();
        look(1);

        assertThat(takenUp).containsExactly("bob:hunter3");
    }

    /** Kubernetes: each file is a link through a link named ..data, and only that one is replaced. */
    @Test
    void files_that_are_links_into_a_folder_that_is_swapped_are_noticed() throws IOException {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        publish(mount, "1", "hunter2");
        username = Files.createSymbolicLink(mount.resolve("username"), Path.of("..data/username"));
        password = Files.createSymbolicLink(mount.resolve("password"), Path.of("..data/password"));
        watcher.close();
        watcher = watcher();
        look(2);
        publish(mount, "2", "hunter3");
        look(2);

        assertThat(takenUp).containsExactly("ann3:hunter3");
    }

    private static void publish(Path mount, String version, String password) throws IOException {
        Path data = Files.createDirectory(mount.resolve(version));
        Files.writeString(data.resolve("username"), "ann3");
        Files.writeString(data.resolve("password"), password);
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(version));
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void a_file_without_a_usable_credential_is_told_once_and_tried_again() throws IOException {
        look(2);
        Files.writeString(password, "");
        look(5);
        assertThat(takenUp).isEmpty();
        assertThat(lines())
                .containsExactly("WARN the credentials' files have changed, but the old credentials stay in use:"
                        + " valify-proxy.token.password (VALIFY_PASSWORD_FILE, the file password): must not be empty");

        Files.writeString(password, "hunter3");
        look(2);
        assertThat(takenUp).containsExactly("ann3:hunter3");
    }

    @Test
    void a_file_that_is_gone_is_told_and_its_return_is_no_news() throws IOException {
        look(2);
        Files.delete(password);
        look(5);
        Files.writeString(password, "hunter2\n");
        look(5);

        assertThat(takenUp).isEmpty();
        assertThat(lines()).singleElement().asString().endsWith("cannot read password: there is no such file");
    }

    @Test
    void the_same_trouble_at_another_time_is_told_again() throws IOException {
        look(2);
        for (int time = 0; time < 2; time++) {
            Files.writeString(password, "");
            look(3);
            Files.writeString(password, "hunter2\n");
            look(3);
        }

        assertThat(lines()).hasSize(2);
    }

    @Test
    void credentials_that_cannot_be_taken_up_are_told_once_and_tried_again() throws IOException {
        look(2);
        endpointMoved = true;
        Files.writeString(password, "hunter3");
        look(5);
        assertThat(lines())
                .containsExactly("WARN the credentials' files have changed, but the old credentials stay in use:"
                        + " the token URL is another one now");

        endpointMoved = false;
        look(1);
        assertThat(takenUp).containsExactly("ann3:hunter3");
    }

    @Test
    void something_that_can_be_read_once_only_is_not_looked_at() {
        watcher.close();
        watcher = new CredentialsWatcher(
                List.of(Path.of("/dev/null")),
                () -> {
                    throw new AssertionError("nothing can have changed");
                },
                next -> true);
        look(3);

        assertThat(lines()).isEmpty();
    }

    @Test
    void no_value_is_ever_logged() throws IOException {
        look(2);
        for (String next : List.of("s3cr3t", "s3cr3t\n\n", "s3cr3t\u0001", "")) {
            Files.writeString(password, next);
            look(3);
        }

        assertThat(lines()).hasSize(3).noneMatch(line -> line.contains("s3cr3t") || line.contains("hunter2"));
    }
}
