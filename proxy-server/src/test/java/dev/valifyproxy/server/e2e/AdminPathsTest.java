package dev.valifyproxy.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdminPathsTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/health/live", "/health/ready", "/status.json"})
    void on_the_proxy_port_a_path_of_the_admin_port_is_the_upstreams(String path) throws Exception {
        try (Installation installation = Installation.start()) {
            HttpRequest request = HttpRequest.newBuilder(installation.uri(path)).build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(404);
            assertThat(installation.sandbox.calls().calls()).isEqualTo(1);
        }
    }
}
