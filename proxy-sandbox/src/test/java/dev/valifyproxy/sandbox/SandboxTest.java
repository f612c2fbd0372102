package dev.valifyproxy.sandbox;

import static dev.valifyproxy.sandbox.Client.OCR;
import static dev.valifyproxy.sandbox.Client.OCR_BODY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valifyproxy.sandbox.Call.Kind;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SandboxTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Sandbox sandbox = Sandbox.builder().build().start();
    private final Client client = new Client(sandbox);
    private final String token = sandbox.tokens().mint();

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void sixty_four_clients_at_once_never_get_a_fourth_use_of_a_token() throws Exception {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tokens.add(sandbox.tokens().mint());
        }
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 640; i++) {
            String shared = tokens.get(i % tokens.size());
            calls.add(() -> client.ocr(shared).statusCode());
        }
        ExecutorService clients = Executors.newFixedThreadPool(64);
        try {
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> call : clients.invokeAll(calls)) {
                statuses.add(call.get());
            }
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(60);
            assertThat(statuses).filteredOn(status -> status == 403).hasSize(580);
        } finally {
            clients.shutdownNow();
        }
        assertThat(sandbox.tokens().usesByToken()).containsEntry("token-2", 3).containsEntry("token-21", 3);
        assertThat(sandbox.tokens().overUses()).isEqualTo(580);
    }

    @Test
    void a_call_is_logged_as_it_was_received() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            String head = RawConnection.head(
                    token, OCR_BODY.length(), "X-Valify-reference-userid: 7", "x-UPPER: a", "x-upper: b");
            connection.send(head.replace(OCR, OCR + "?q=%2f") + OCR_BODY).readUntil("\r\n");
        }
        Call call = sandbox.calls().lastCalls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.uri()).isEqualTo(OCR + "?q=%2f");
        assertThat(call.headers().stream().map(Call.Header::name))
                .containsExactly(
                        "Host",
                        "Authorization",
                        "Content-Type",
                        "X-Valify-reference-userid",
                        "x-UPPER",
                        "x-upper",
                        "Content-Length");
        assertThat(call.values("X-Upper")).containsExactly("a", "b");
        assertThat(call.bodyLength()).isEqualTo(OCR_BODY.length());
        assertThat(call.bodySha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(OCR_BODY.getBytes(UTF_8))));
        assertThat(call.tokenId()).isEqualTo("token-1");
        assertThat(call.connection()).isEqualTo(1);
        assertThat(call.toString()).doesNotContain(token);
    }

    @Test
    void only_the_last_calls_are_kept_and_all_are_counted() throws Exception {
        try (Sandbox forgetful = Sandbox.builder()
                .settings(SandboxSettings.defaults().withRecordedCalls(1))
                .build()
                .start()) {
            Client other = new Client(forgetful);
            other.call("/first/", "t", "{}");
            other.call("/second/", "t", "{}");
            assertThat(forgetful.calls().lastCalls()).extracting(Call::uri).containsExactly("/second/");
            assertThat(forgetful.calls().calls()).isEqualTo(2);
        }
    }

    @Test
    void a_listener_hears_of_each_request_and_of_what_befell_it_even_if_none_is_kept() throws Exception {
        List<Call> heard = new CopyOnWriteArrayList<>();
        try (Sandbox listened = Sandbox.builder()
                .settings(SandboxSettings.defaults().withRecordedCalls(0))
                .callListener(heard::add)
                .build()
                .start()) {
            Client other = new Client(listened);
            Fault late = Fault.late(Duration.ZERO);
            listened.faults().calls().next(late);
            other.ocr(listened.tokens().mint());
            other.ocr("unknown");
            other.mint();
            assertThat(listened.calls().lastCalls()).isEmpty();
            assertThat(heard).extracting(Call::kind).containsExactly(Kind.SERVICE, Kind.SERVICE, Kind.MINT);
            assertThat(heard).extracting(Call::fault).containsExactly(late, null, null);
            assertThat(heard).extracting(Call::tokenRefused).containsExactly(false, true, false);
            assertThat(heard).extracting(Call::bodySha256).containsOnly("");
        }
    }

    @Test
    void a_body_of_thirty_two_mebibytes_is_accepted() throws Exception {
        String body = OCR_BODY.replace("/9j/4AAQ", "A".repeat(16 * 1024 * 1024));
        assertThat(client.call(OCR, token, body).statusCode()).isEqualTo(200);
        assertThat(sandbox.calls().lastCalls().get(0).bodyLength()).isGreaterThan(32 * 1024 * 1024);
    }

    @Test
    void a_body_beyond_all_bounds_is_refused_while_it_comes() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            connection.send(RawConnection.head(token, 1 << 30));
            String mebibyte = "A".repeat(1024 * 1024);
            for (int sent = 0; sent < IncomingCall.MAX_BODY_BYTES; sent += mebibyte.length()) {
                connection.send(mebibyte);
            }
            connection.send("A");
            assertThat(connection.readUntil("\r\n")).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void one_connection_serves_calls_one_after_another_and_pipelined_ones_in_order() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox.uri());
                Hold hold = sandbox.faults().holdCalls()) {
            connection.sendCall(token).sendCall(token).sendCall("unknown");
            hold.awaitHeld(1, SOON);
            assertThat(sandbox.calls().calls()).isEqualTo(1);
            hold.release();
            connection.readUntil("HTTP/1.1 200 OK\r\n");
            connection.readUntil("HTTP/1.1 200 OK\r\n");
            assertThat(connection.readUntil("HTTP/1.1 403 ")).endsWith("HTTP/1.1 403 ");
        }
        assertThat(sandbox.calls().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void as_many_pipelined_requests_are_answered_as_the_codec_takes() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox.uri());
                Hold hold = sandbox.faults().holdCalls()) {
            connection.send("GET / HTTP/1.1\r\n\r\n".repeat(127) + "GET / HTTP/1.0\r\n\r\n");
            hold.awaitHeld(1, SOON);
            hold.release();
            assertThat(connection.readToEnd().split("404 Not Found", -1)).hasSize(129);
        }
    }

    @Test
    void a_connection_of_http_1_0_is_closed_unless_the_client_keeps_it() throws Exception {
        String request = "GET / HTTP/1.0\r\n";
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            String kept =
                    connection.send(request + "Connection: keep-alive\r\n\r\n").readUntil("}");
            assertThat(kept).startsWith("HTTP/1.0 404").contains("connection: keep-alive");
            String last = connection.send(request + "\r\n").readToEnd();
            assertThat(last).startsWith("HTTP/1.0 404").endsWith("}");
        }
    }

    @Test
    void a_client_that_expects_to_be_told_to_continue_is_told() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            connection.send(RawConnection.head(token, OCR_BODY.length(), "Expect: 100-continue"));
            assertThat(connection.readUntil("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(connection.send(OCR_BODY).readUntil("\r\n")).isEqualTo("HTTP/1.1 200 OK\r\n");
        }
        assertThat(sandbox.calls().lastCalls().get(0).values("Expect")).containsExactly("100-continue");
    }

    @Test
    void a_request_that_cannot_be_parsed_is_refused_and_its_connection_closed() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            assertThat(connection.send("nonsense\r\n\r\n").readToEnd())
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("Connection: close");
        }
    }

    @Test
    void over_tls_it_answers_just_the_same_and_calls_itself_https() throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanIpAddress("127.0.0.1")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        SslContext context =
                SslContextBuilder.forServer(certificate.toKeyManagerFactory()).build();
        try (Sandbox secure = Sandbox.builder().tls(context).build().start()) {
            assertThat(secure.uri().getScheme()).isEqualTo("https");
            HttpClient trusting = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(trusting(certificate))
                    .build();
            Client requests = new Client(secure);
            HttpResponse<byte[]> response = trusting.send(
                    requests.request(OCR)
                            .header("Content-Type", "application/json")
                            .header("Authorization", "Bearer " + secure.tokens().mint())
                            .POST(BodyPublishers.ofString(OCR_BODY))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).isEqualTo(200);
            secure.faults().calls().next(Fault.redirect(307));
            HttpResponse<byte[]> redirect =
                    trusting.send(requests.request("/").GET().build(), BodyHandlers.ofByteArray());
            assertThat(Client.header(redirect, "Location")).isEqualTo(secure.uri() + "/");
        }
    }

    @Test
    void it_stops_at_once_though_a_call_stalls() throws Exception {
        sandbox.faults().calls().next(Fault.stall(Fault.Moment.HEAD_READ));
        try (RawConnection connection = new RawConnection(sandbox.uri())) {
            connection.sendCall(token);
            sandbox.calls().awaitCalls(1, SOON);
            sandbox.close();
            assertThat(connection.readToEnd()).isIn("", RawConnection.RESET);
        }
        assertThat(sandbox.calls().openConnections()).isZero();
    }

    @Test
    void a_port_that_is_taken_is_named() {
        int taken = sandbox.uri().getPort();
        Sandbox second = Sandbox.builder().port(taken).build();
        assertThatThrownBy(second::start)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining(String.valueOf(taken));
    }

    @Test
    void waiting_for_what_does_not_come_fails_and_says_what_came() throws Exception {
        client.ocr(token);
        assertThatThrownBy(() -> sandbox.calls().awaitCalls(2, Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at least 2 calls, but there are 1");
    }

    private static SSLContext trusting(X509Bundle certificate) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("sandbox", certificate.getCertificate());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
