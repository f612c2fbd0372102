package dev.valifyproxy.server.e2e;

import static dev.valifyproxy.server.e2e.Installation.OCR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.sandbox.Call;
import dev.valifyproxy.sandbox.Fault;
import dev.valifyproxy.sandbox.Fault.Moment;
import dev.valifyproxy.sandbox.HmacSigner;
import dev.valifyproxy.sandbox.SandboxSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients that Java back ends and Android apps use, as they come. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientsTest {

    private static final MediaType JSON = MediaType.get("application/json");

    private final HttpClient http = HttpClient.newHttpClient();
    private final OkHttpClient okHttp = new OkHttpClient();
    private Installation installation;

    @BeforeEach
    void start() {
        installation = Installation.start();
    }

    @AfterEach
    void stop() {
        installation.close();
        okHttp.connectionPool().evictAll();
        okHttp.dispatcher().executorService().shutdown();
    }

    /** A client: posts a JSON body, and tells status, body and hmac of the answer. */
    @FunctionalInterface
    interface Client {
        Answer post(ClientsTest test, String path, String body) throws IOException, InterruptedException;
    }

    record Answer(int status, String body, String hmac) {}

    record Named(String name, Client client) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Named> clients() {
        return Stream.of(
                new Named("Java HttpClient", ClientsTest::byHttpClient),
                new Named("Java HttpClient, chunked", ClientsTest::byHttpClientChunked),
                new Named("OkHttp", ClientsTest::byOkHttp),
                new Named("HttpURLConnection", ClientsTest::byUrlConnection));
    }

    private Answer byHttpClient(String path, String body) throws IOException, InterruptedException {
        return send(path, BodyPublishers.ofString(body));
    }

    private Answer byHttpClientChunked(String path, String body) throws IOException, InterruptedException {
        Supplier<InputStream> stream = () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
        return send(path, BodyPublishers.ofInputStream(stream));
    }

    private Answer send(String path, HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(installation.uri(path))
                .header("Content-Type", "application/json")
                .POST(body)
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.body(),
                response.headers().firstValue("hmac").orElse(null));
    }

    private Answer byOkHttp(String path, String body) throws IOException {
        Request request = new Request.Builder()
                .url(installation.uri(path).toString())
                .post(RequestBody.create(body, JSON))
                .build();
        try (Response response = okHttp.newCall(request).execute()) {
            return new Answer(response.code(), response.body().string(), response.header("hmac"));
        }
    }

    private Answer byUrlConnection(String path, String body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) installation.uri(path).toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(status, text, connection.getHeaderField("hmac"));
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void seven_calls_in_a_row_succeed_and_their_signatures_hold(Named named) throws Exception {
        for (int i = 0; i < 7; i++) {
            Answer answer = named.client().post(this, "/api/v1.5/ocr/", OCR);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"transaction_id\"").contains("\"trials_remaining\"");
            assertThat(HmacSigner.verify(
                            SandboxSettings.DEMO_HMAC_KEY,
                            answer.body().getBytes(StandardCharsets.UTF_8),
                            answer.hmac()))
                    .isTrue();
        }
        assertThat(installation.sandbox.tokens().refused()).isZero();
    }

    @ParameterizedTest
    @MethodSource("clients")
    void the_token_an_app_fetches_for_itself_is_accepted_and_never_seen_upstream(Named named) throws Exception {
        String credentials = "username=me%40bank.example&password=app-secret&grant_type=password";
        Answer token = named.client().post(this, "//api/o/token/", credentials);

        assertThat(token.status()).isEqualTo(200);
        assertThat(token.body()).contains("\"expires_in\":600");
        assertThat(installation.sandbox.calls().calls()).isZero();
    }

    @ParameterizedTest
    @MethodSource("clients")
    void an_upload_of_8_mib_arrives_whole(Named named) throws Exception {
        String image = "A".repeat(8 << 20);
        Answer answer = named.client().post(this, "/api/v1.5/ocr/", OCR.replace("ZnJvbnQ=", image));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(installation.sandbox.calls().lastCalls().get(0).bodyLength())
                .isEqualTo(OCR.length() - "ZnJvbnQ=".length() + image.length());
    }

    @ParameterizedTest
    @MethodSource("clients")
    void an_answer_of_several_mib_arrives_whole(Named named) throws Exception {
        Answer answer = named.client()
                .post(
                        this,
                        "/api/v1/transaction/fetch-images/",
                        "{\"transaction_id\":\"1\",\"bundle_key\":\"" + SandboxSettings.DEMO_BUNDLE_KEY + "\"}");

        assertThat(answer.status()).as(answer.body().substring(0, 100)).isEqualTo(200);
        assertThat(answer.body()).hasSizeGreaterThan(3 << 20).endsWith("}");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void a_post_whose_connection_breaks_upstream_is_seen_there_once(Named named) throws Exception {
        named.client().post(this, "/api/v1.5/ocr/", OCR);
        installation.sandbox.faults().calls().next(Fault.reset(Moment.PERFORMED));

        Answer answer = named.client().post(this, "/api/v1.5/ocr/", OCR);

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body()).contains("\"performed\":\"unknown\"");
        assertThat(installation.sandbox.calls().lastCalls().stream().filter(call -> call.kind() == Call.Kind.SERVICE))
                .hasSize(2);
    }

    @Test
    void the_wrong_bundle_key_is_the_callers_fault_and_no_token_is_spent_on_a_second_try() throws Exception {
        Answer answer = byHttpClient("/api/v1.5/ocr/", OCR.replace(SandboxSettings.DEMO_BUNDLE_KEY, "wrong"));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("your Bundle key is invalid");
        assertThat(installation.sandbox.calls().calls()).isEqualTo(1);
    }

    @Test
    void when_the_upstream_forgets_every_token_no_call_fails() throws Exception {
        for (int i = 0; i < 20; i++) {
            if (i % 5 == 1) {
                installation.sandbox.tokens().invalidateAll();
            }
            assertThat(byHttpClient("/api/v1.5/ocr/", OCR).status()).isEqualTo(200);
        }
    }
}
