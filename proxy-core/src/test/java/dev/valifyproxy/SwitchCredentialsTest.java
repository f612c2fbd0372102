package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxCredentials;
import dev.valifyproxy.sandbox.SandboxSettings;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.TestConfig;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Credentials that change while the proxy runs, against an issuer that wants {@code new} ones. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SwitchCredentialsTest {

    private final Sandbox sandbox = Sandbox.builder()
            .settings(SandboxSettings.defaults().withCredentials(new SandboxCredentials("new", "new", "new", "new")))
            .build();
    private Proxy proxy;

    @BeforeEach
    void start_with_old_ones() {
        sandbox.start();
        proxy = Proxy.builder(config(sandbox.uri(), "old")).start();
    }

    @AfterEach
    void stop() {
        proxy.close();
        sandbox.close();
    }

    private static ProxyConfig config(URI upstream, String credentials) {
        TestConfig config = new TestConfig(upstream);
        config.credentials = credentials;
        return config.build();
    }

    @Test
    void new_ones_are_used_from_now_on() {
        assertThat(proxy.switchCredentials(config(sandbox.uri(), "new"))).isTrue();

        Fixture.await("ready", () -> proxy.readiness().ready());
    }

    @Test
    void the_same_ones_are_no_news() {
        assertThat(proxy.switchCredentials(config(sandbox.uri(), "old"))).isFalse();

        proxy.switchCredentials(config(sandbox.uri(), "new"));
        assertThat(proxy.switchCredentials(config(sandbox.uri(), "new"))).isFalse();
    }

    @Test
    void those_for_another_token_url_are_sent_nowhere() {
        Fixture.await("refused", () -> !proxy.readiness().reason().startsWith("no token"));
        long mints = sandbox.calls().mints();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.switchCredentials(config(URI.create("http://id.bank.example"), "new")))
                .withMessage(
                        "the token URL is another one now, http://id.bank.example/api/o/token/: what a running proxy can"
                                + " take up is credentials for " + sandbox.uri() + "/api/o/token/");
        assertThat(sandbox.calls().mints()).isEqualTo(mints);
    }

    @Test
    void they_are_nothing_to_a_token_source_of_the_embedders_own() throws Exception {
        try (Fixture fixture = new Fixture()) {
            assertThat(fixture.proxy.switchCredentials(config(fixture.upstream.uri(), "new")))
                    .isFalse();
        }
    }
}
