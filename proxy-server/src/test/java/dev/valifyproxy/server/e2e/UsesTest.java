package dev.valifyproxy.server.e2e;

import static dev.valifyproxy.server.e2e.Installation.OCR;
import static dev.valifyproxy.server.e2e.Installation.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxSettings;
import dev.valifyproxy.sandbox.UseScope;
import dev.valifyproxy.token.PoolStats;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** An upstream that counts the uses of a token in another way than by three calls in all. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class UsesTest {

    private static final String BUNDLE_KEY = "\"bundle_key\":\"" + SandboxSettings.DEMO_BUNDLE_KEY + "\"";

    /** A call of each of several services, by path. */
    private static final Map<String, String> SERVICES = Map.of(
            "/api/v1.5/ocr/", OCR,
            "/api/v1/face/match/", "{\"first_img\":\"YQ==\",\"second_img\":\"Yg==\"," + BUNDLE_KEY + "}",
            "/api/v2/sanction-shield/search/", "{\"name\":\"nobody\"," + BUNDLE_KEY + "}",
            "/api/v1/otp/send/", "{\"phone_number\":\"+200000000000\"," + BUNDLE_KEY + "}");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Installation installation;

    @AfterEach
    void stop() {
        installation.close();
    }

    private void start(int usesPerToken, UseScope scope, Map<String, String> properties) {
        SandboxSettings settings = SandboxSettings.defaults().withUses(usesPerToken, scope);
        installation =
                Installation.inFrontOf(Sandbox.builder().settings(settings).build(), Map.of(), properties);
    }

    private CompletableFuture<Integer> call(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(installation.uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::statusCode);
    }

    private PoolStats pool() {
        return installation.proxy.status().profiles().get(0).pool();
    }

    @Test
    void services_share_tokens_where_the_upstream_counts_uses_by_service() {
        start(3, UseScope.SERVICE, Map.of("token.use-scope", "service"));

        int rounds = 60;
        for (int round = 0; round < rounds; round++) {
            List<CompletableFuture<Integer>> atOnce = SERVICES.entrySet().stream()
                    .map(service -> call(service.getKey(), service.getValue()))
                    .toList();
            assertThat(atOnce).extracting(CompletableFuture::join).containsOnly(200);
        }

        assertThat(installation.sandbox.tokens().refused()).isZero();
        assertThat(installation.sandbox.tokens().used()).isEqualTo((long) rounds * SERVICES.size());
        assertThat(installation.sandbox.tokens().minted()).isLessThan(rounds * SERVICES.size() / 3);
    }

    @Test
    void tokens_serve_as_many_calls_as_the_upstream_says_once_its_first_answers_have_told() {
        start(2, UseScope.TOKEN, Map.of("token.learn-uses", "adapt"));
        callOcr(1);
        await("that is learnt", () -> pool().usesPerToken() == 2 && pool().mintsInFlight() == 0);
        long mintedBefore = installation.sandbox.tokens().minted();
        callOcr(Math.toIntExact(3 * mintedBefore)); // those that were thought to serve three are gone now
        long refusedBefore = installation.sandbox.tokens().refused();

        callOcr(40);

        assertThat(installation.sandbox.tokens().refused()).isEqualTo(refusedBefore);
        assertThat(installation.meters.scrape())
                .contains("valify_proxy_token_uses_per_token{profile=\"default\"} 2.0\n");
    }

    private void callOcr(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(call("/api/v1.5/ocr/", OCR).join()).isEqualTo(200);
        }
    }
}
