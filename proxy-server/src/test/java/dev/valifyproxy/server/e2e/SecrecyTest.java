package dev.valifyproxy.server.e2e;

import static dev.valifyproxy.server.e2e.Installation.OCR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.sandbox.Answer;
import dev.valifyproxy.sandbox.Fault;
import dev.valifyproxy.sandbox.Fault.Moment;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxCredentials;
import dev.valifyproxy.sandbox.SandboxSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Nothing secret comes out, whatever happens: not in a log at debug level, a metric, an error or a thread's name. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SecrecyTest {

    private static final String CLIENTS_OWN = "clients-0wn-t0ken";
    private static final String IMAGE = "aW1hZ2Utb2YtYS1mYWNl";
    private static final String BODY = OCR.replace("ZnJvbnQ=", IMAGE);
    private static final SandboxCredentials CREDENTIALS =
            new SandboxCredentials("us3r-name", "p4ss-word", "cl13nt-id", "cl13nt-secret");

    private final Set<String> secrets = new HashSet<>(Set.of(
            CLIENTS_OWN, IMAGE, "us3r-name", "p4ss-word", "cl13nt-id", "cl13nt-secret", "wr0ng-pass", "app-s3cret"));
    private final List<String> answers = new ArrayList<>();
    private final Printed printed = new Printed();
    private Installation installation;

    @BeforeEach
    void start() {
        installation = installation("p4ss-word");
    }

    @AfterEach
    void stop() {
        installation.close();
        printed.close();
    }

    private static Installation installation(String password) {
        Sandbox sandbox = Sandbox.builder()
                .settings(SandboxSettings.defaults().withCredentials(CREDENTIALS))
                .build();
        Map<String, String> environment = Map.of(
                "VALIFY_USERNAME", "us3r-name",
                "VALIFY_PASSWORD", password,
                "VALIFY_CLIENT_ID", "cl13nt-id",
                "VALIFY_CLIENT_SECRET", "cl13nt-secret");
        return Installation.inFrontOf(sandbox, environment, Map.of());
    }

    /** Sends these bytes on a connection of their own, and reads to its end. */
    private void send(String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), installation.proxy.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            answers.add(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        }
    }

    private void post(String path, String body) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: p\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + CLIENTS_OWN + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private void postInto(Fault fault) throws IOException {
        installation.sandbox.faults().calls().next(fault);
        post("/api/v1.5/ocr/", BODY);
    }

    private void assertNothingSecretCameOut() {
        installation.sandbox.calls().lastCalls().stream()
                .flatMap(call -> call.values("Authorization").stream())
                .map(value -> value.substring("Bearer ".length()))
                .forEach(secrets::add);
        List<String> all = new ArrayList<>(printed.lines());
        all.addAll(answers);
        all.add(installation.meters.scrape());
        all.add(installation.proxy.readiness() + " " + installation.proxy.status()); // all that /status.json writes
        Thread.getAllStackTraces().keySet().forEach(thread -> all.add(thread.getName()));
        for (String secret : secrets) {
            assertThat(all).filteredOn(text -> text.contains(secret)).as(secret).isEmpty();
        }
        assertThat(printed.lines()).as("what is printed is seen").isNotEmpty();
    }

    private String lastAnswer() {
        return answers.get(answers.size() - 1);
    }

    @Test
    void calls_that_succeed_print_nothing_of_themselves() throws IOException {
        for (int i = 0; i < 4; i++) {
            post("/api/v1.5/ocr/", BODY);
            assertThat(lastAnswer()).startsWith("HTTP/1.1 200 ");
        }
        assertNothingSecretCameOut();
        assertThat(secrets).as("tokens among them").hasSizeGreaterThan(8);
    }

    @Test
    void calls_that_fail_print_nothing_of_themselves() throws IOException {
        postInto(Fault.reset(Moment.PERFORMED));
        assertThat(lastAnswer()).startsWith("HTTP/1.1 502 ");
        postInto(Fault.close(Moment.MID_ANSWER));
        postInto(Fault.raw("HTTP/1.1 200 OK\r\nAuthorization " + IMAGE + "\r\n\r\n"));
        postInto(Fault.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: " + IMAGE + "\r\n\r\n"));
        postInto(Fault.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + IMAGE + "\r\n"));
        postInto(Fault.answer(Answer.json(500, "{}")));
        assertThat(lastAnswer()).startsWith("HTTP/1.1 500 ");
        assertNothingSecretCameOut();
    }

    @Test
    void a_refused_token_is_not_printed() throws IOException {
        installation.sandbox.faults().rejectNextTokens(3);
        for (int i = 0; i < 3; i++) {
            post("/api/v1.5/ocr/", BODY);
        }
        assertThat(installation.sandbox.tokens().refused()).isGreaterThanOrEqualTo(3);
        assertNothingSecretCameOut();
    }

    @Test
    void a_request_that_is_refused_is_not_quoted() throws IOException {
        String head = "POST /x HTTP/1.1\r\nHost: p\r\nAuthorization: Bearer " + CLIENTS_OWN + "\r\n";
        send(head + "Authorization Bearer " + CLIENTS_OWN + "\r\n\r\n");
        assertThat(lastAnswer()).startsWith("HTTP/1.1 400 ");
        send(head + "Content-Length: " + IMAGE + "\r\n\r\n");
        send(head + "Transfer-Encoding: " + IMAGE + "\r\n\r\n");
        send(head + "Transfer-Encoding: chunked\r\n\r\n" + IMAGE + "\r\n");
        send(head + "X-Long: " + CLIENTS_OWN.repeat(4_000) + "\r\n\r\n");
        assertThat(lastAnswer()).startsWith("HTTP/1.1 431 ");
        send(CLIENTS_OWN + "\u0000 " + IMAGE + "\r\n\r\n");
        send("GET /" + IMAGE.repeat(1_000) + " HTTP/1.1\r\nHost: p\r\n\r\n");
        assertThat(lastAnswer()).startsWith("HTTP/1.1 414 ");
        assertNothingSecretCameOut();
    }

    @Test
    void the_credentials_an_app_sends_to_the_token_path_go_nowhere() throws IOException {
        post("//api/o/token/", "username=us3r-name&password=app-s3cret");
        assertThat(lastAnswer()).startsWith("HTTP/1.1 200 ");
        assertNothingSecretCameOut();
    }

    @Test
    void credentials_that_are_refused_are_not_printed() throws IOException {
        installation.close();
        installation = installation("wr0ng-pass");
        post("/api/v1.5/ocr/", BODY);
        assertThat(lastAnswer()).startsWith("HTTP/1.1 502 ").contains("credentials_rejected");
        assertNothingSecretCameOut();
    }

    @Test
    void a_token_answer_that_makes_no_sense_is_not_printed() throws IOException {
        installation.close();
        Sandbox sandbox = Sandbox.builder()
                .settings(SandboxSettings.defaults().withCredentials(CREDENTIALS))
                .build();
        sandbox.faults().mints().every(Fault.answer(Answer.json(200, "{\"access_token\":\"" + CLIENTS_OWN)));
        installation = Installation.inFrontOf(sandbox, Map.of(), Map.of("token.acquire-timeout", "1 s"));
        post("/api/v1.5/ocr/", BODY);
        assertThat(lastAnswer()).startsWith("HTTP/1.1 503 ").contains("token_unavailable");
        assertNothingSecretCameOut();
    }
}
