package dev.valifyproxy.server.e2e;

import static dev.valifyproxy.server.e2e.Installation.OCR;
import static dev.valifyproxy.server.e2e.Installation.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.sandbox.Answer;
import dev.valifyproxy.sandbox.Fault;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxCredentials;
import dev.valifyproxy.sandbox.SandboxSettings;
import dev.valifyproxy.token.MintState;
import dev.valifyproxy.token.PoolStats;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New credentials in the files they are read from, while the program runs. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RotationTest {

    private static final SandboxCredentials CREDENTIALS =
            new SandboxCredentials("us3r-name", "p4ss-word", "cl13nt-id", "cl13nt-secret");

    private final Printed printed = new Printed();
    private Installation installation;

    @TempDir
    private Path folder;

    @AfterEach
    void nothing_secret_was_printed() {
        installation.close();
        printed.close();
        assertThat(printed.lines())
                .isNotEmpty()
                .noneMatch(
                        line -> line.contains("p4ss-word") || line.contains("0ld-pass") || line.contains("us3r-name"));
    }

    private void start(String password) throws IOException {
        start(password, Map.of());
    }

    private void start(String password, Map<String, String> properties) throws IOException {
        Sandbox sandbox = Sandbox.builder()
                .settings(SandboxSettings.defaults().withCredentials(CREDENTIALS))
                .build();
        Map<String, String> environment = Map.of(
                "VALIFY_USERNAME", "us3r-name",
                "VALIFY_PASSWORD", "",
                "VALIFY_PASSWORD_FILE", write(password).toString(),
                "VALIFY_CLIENT_ID", "cl13nt-id",
                "VALIFY_CLIENT_SECRET", "cl13nt-secret");
        installation = Installation.inFrontOf(sandbox, environment, properties);
        look();
    }

    private Path write(String password) throws IOException {
        return Files.writeString(folder.resolve("password"), password);
    }

    private void rotate(String password) throws IOException {
        write(password);
        look();
    }

    private void look() {
        installation.credentials.look();
        installation.credentials.look();
    }

    private HttpResponse<String> call() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(installation.uri("/api/v1.5/ocr/"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(OCR))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private PoolStats pool() {
        return installation.proxy.status().profiles().get(0).pool();
    }

    private void awaitState(MintState state) {
        await("minting is " + state, () -> pool().state() == state && pool().mintsInFlight() == 0);
    }

    @Test
    void a_wrong_password_that_is_put_right_needs_no_restart() throws Exception {
        start("0ld-pass");
        awaitState(MintState.CREDENTIALS_REFUSED);
        assertThat(installation.proxy.readiness().ready()).isFalse();
        assertThat(call().body()).contains("credentials_rejected");

        rotate("p4ss-word\n");
        awaitState(MintState.HEALTHY);
        assertThat(installation.proxy.readiness().ready()).isTrue();
        for (int i = 0; i < 7; i++) {
            assertThat(call().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_file_that_is_half_written_leaves_the_credentials_as_they_are() throws Exception {
        start("p4ss-word");
        awaitState(MintState.HEALTHY);
        rotate("");

        for (int i = 0; i < 7; i++) {
            assertThat(call().statusCode()).isEqualTo(200);
        }
        assertThat(pool().state()).isEqualTo(MintState.HEALTHY);
        assertThat(printed.lines())
                .filteredOn(line -> line.contains("the old credentials stay in use"))
                .hasSize(1);
    }

    @Test
    void tokens_of_the_old_credentials_are_used_up_and_none_is_minted_with_them() throws Exception {
        start("p4ss-word");
        awaitState(MintState.HEALTHY);
        await("a token is there", () -> pool().readyUses() == 3);
        rotate("0ld-pass");

        for (int i = 0; i < 3; i++) {
            assertThat(call().statusCode()).isEqualTo(200);
        }
        awaitState(MintState.CREDENTIALS_REFUSED);
        assertThat(call().body()).contains("credentials_rejected");
    }

    @Test
    void tokens_of_the_old_credentials_are_dropped_where_that_is_wanted() throws Exception {
        start("p4ss-word", Map.of("token.on-new-credentials", "drop"));
        awaitState(MintState.HEALTHY);
        await("a token is there", () -> pool().readyUses() == 3);
        rotate("0ld-pass");
        awaitState(MintState.CREDENTIALS_REFUSED);

        assertThat(call().body()).contains("credentials_rejected");
        assertThat(installation.sandbox.calls().calls()).isZero();
    }

    @Test
    void an_issuer_that_is_down_when_credentials_change_leaves_the_proxy_ready_while_tokens_last() throws Exception {
        start("p4ss-word");
        awaitState(MintState.HEALTHY);
        await("a token is there", () -> pool().readyUses() == 3);
        installation.sandbox.faults().mints().every(Fault.answer(Answer.json(500, "{}")));
        call();
        rotate("0ld-pass");
        await("nothing is known of the new credentials", () -> !pool().proven());
        awaitState(MintState.BACKING_OFF);
        assertThat(pool().readyUses()).isPositive();
        assertThat(installation.proxy.readiness().ready()).isTrue();
        assertThat(installation.proxy.readiness().reason()).startsWith("minting fails: ");

        while (pool().readyUses() > 0) {
            assertThat(call().statusCode()).isEqualTo(200);
        }
        assertThat(installation.proxy.readiness().ready()).isFalse();
    }

    @Test
    void what_is_read_from_where_is_told_in_one_line() throws Exception {
        start("0ld-pass");
        rotate("p4ss-word");
        look();

        assertThat(printed.lines())
                .filteredOn(
                        line -> line.contains("new credentials were read from [" + folder.resolve("password") + "]"))
                .hasSize(1);
    }
}
