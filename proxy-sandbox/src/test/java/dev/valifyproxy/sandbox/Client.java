package dev.valifyproxy.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** An app as it talks to Valify, over the JDK's client. */
final class Client {
    static final String OCR = "/api/v1.5/ocr/";
    static final String OCR_BODY = """
            {"document_type":"egy_nid","data":{"front_img":"/9j/4AAQ","back_img":"/9j/4AAQ","bundle_key":"%s","lang":"en"}}""".formatted(SandboxSettings.DEMO_BUNDLE_KEY);

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI base;

    Client(Sandbox sandbox) {
        base = sandbox.uri();
    }

    /** A form that brings the demo credentials. */
    static Map<String, String> form() {
        SandboxCredentials demo = SandboxCredentials.DEMO;
        Map<String, String> form = new LinkedHashMap<>();
        form.put("username", demo.username());
        form.put("password", demo.password());
        form.put("client_id", demo.clientId());
        form.put("client_secret", demo.clientSecret());
        form.put("grant_type", "password");
        return form;
    }

    HttpResponse<byte[]> mint(Map<String, String> form) throws Exception {
        String encoded = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request(TokenEndpoint.PATH)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded)));
    }

    HttpResponse<byte[]> mint() throws Exception {
        return mint(form());
    }

    HttpResponse<byte[]> call(String path, String token, String body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<byte[]> ocr(String token) throws Exception {
        return call(OCR, token, OCR_BODY);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(20));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return JSON.readTree(response.body());
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
