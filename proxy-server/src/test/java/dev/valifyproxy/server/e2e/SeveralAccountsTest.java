package dev.valifyproxy.server.e2e;

import static dev.valifyproxy.server.e2e.Installation.OCR;
import static dev.valifyproxy.server.e2e.Installation.await;
import static dev.valifyproxy.token.MintState.CREDENTIALS_REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.Proxy;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxCredentials;
import dev.valifyproxy.sandbox.SandboxSettings;
import dev.valifyproxy.server.settings.ConfigLoader;
import dev.valifyproxy.server.settings.CredentialsWatcher;
import dev.valifyproxy.server.settings.ServerConfig;
import dev.valifyproxy.token.MintState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Staging and production behind one proxy, told apart by Host; each upstream takes its own credentials and its own tokens only. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SeveralAccountsTest {

    private static final SandboxCredentials STAGING = new SandboxCredentials("ann", "st4ge-p@ss", "id", "secret");

    private final Sandbox production = Sandbox.builder().build();
    private final Sandbox staging = Sandbox.builder()
            .settings(SandboxSettings.defaults().withCredentials(STAGING))
            .build();
    private Proxy proxy;
    private CredentialsWatcher credentials;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        production.start();
        staging.start();
    }

    @AfterEach
    void stop() {
        credentials.close();
        proxy.close();
        production.close();
        staging.close();
    }

    private Path write(String stagingPassword) throws IOException {
        return Files.writeString(folder.resolve("password"), stagingPassword + "\n");
    }

    /** Production's credentials come from variables, staging's from the file, its password from a file of its own. */
    private void start(String stagingPassword) throws IOException {
        Path password = write(stagingPassword);
        Path file = Files.writeString(folder.resolve("my.conf"), """
                valify-proxy.profiles.staging {
                  match.host = "stage.proxy.local"
                  upstream.base-url = "%s"
                  token { username = ann, password-file = "%s", client-id = id, client-secret = secret }
                }
                """.formatted(staging.uri(), password));
        SandboxCredentials demo = SandboxCredentials.DEMO;
        Map<String, String> environment = Map.of(
                "VALIFY_BASE_URL", production.uri().toString(),
                "VALIFY_USERNAME", demo.username(),
                "VALIFY_PASSWORD", demo.password(),
                "VALIFY_CLIENT_ID", demo.clientId(),
                "VALIFY_CLIENT_SECRET", demo.clientSecret(),
                "PROXY_BIND", "127.0.0.1",
                "PROXY_PORT", "0");
        ConfigLoader loader = new ConfigLoader(environment, new Properties());
        ServerConfig config = loader.load(file);
        proxy = Proxy.builder(config.proxy()).start();
        credentials = new CredentialsWatcher(config.secretFiles(), () -> loader.load(file), proxy::switchCredentials);
        look();
    }

    private void look() {
        credentials.look();
        credentials.look();
    }

    /** The status line and all that follows; over a plain socket, since common clients write Host themselves. */
    private String call(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST /api/v1.5/ocr/ HTTP/1.1\r\nHost: " + host
                                    + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                                    + OCR.length() + "\r\n\r\n" + OCR)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void each_host_is_served_by_its_own_account_and_no_use_is_wasted_on_the_other() throws IOException {
        start("st4ge-p@ss");

        for (int i = 0; i < 7; i++) {
            assertThat(call("proxy.local")).startsWith("HTTP/1.1 200 ").contains("transaction_id");
            if (i < 5) {
                assertThat(call("Stage.Proxy.Local:8080")).startsWith("HTTP/1.1 200 ");
            }
        }

        assertThat(production.tokens().used()).isEqualTo(7);
        assertThat(staging.tokens().used()).isEqualTo(5);
        assertThat(production.tokens().refused() + staging.tokens().refused()).isZero();
    }

    @Test
    void a_wrong_password_of_staging_is_told_and_costs_production_nothing() throws IOException {
        start("wrong");

        assertThat(call("stage.proxy.local")).startsWith("HTTP/1.1 502 ").contains("\"credentials_rejected\"");
        assertThat(call("proxy.local")).startsWith("HTTP/1.1 200 ");
        assertThat(proxy.readiness().ready()).isFalse();
        assertThat(proxy.readiness().reason()).startsWith("staging: the credentials are refused: ");
        assertThat(staging.calls().calls()).isZero();
    }

    @Test
    void a_password_of_staging_that_is_put_right_in_its_file_needs_no_restart() throws IOException {
        start("wrong");
        await("staging is refused", () -> stateOf("staging") == CREDENTIALS_REFUSED);

        write("st4ge-p@ss");
        look();

        await("both are ready", () -> proxy.readiness().ready());
        assertThat(call("stage.proxy.local")).startsWith("HTTP/1.1 200 ");
        assertThat(call("proxy.local")).startsWith("HTTP/1.1 200 ");
    }

    private MintState stateOf(String name) {
        return proxy.status().profiles().stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElseThrow()
                .pool()
                .state();
    }
}
