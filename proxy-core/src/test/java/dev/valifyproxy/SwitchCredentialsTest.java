package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.exchange.ProfileMatch;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxCredentials;
import dev.valifyproxy.sandbox.SandboxSettings;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.TestConfig;
import java.net.URI;
import java.util.List;
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
                        "token.url is another one now, http://id.bank.example/api/o/token/: what a running proxy can"
                                + " take up is credentials for " + sandbox.uri() + "/api/o/token/");
        assertThat(sandbox.calls().mints()).isEqualTo(mints);
    }

    /** The default profile and another, each with its credentials. */
    private static ProxyConfig config(URI upstream, String credentials, URI otpUpstream, String otpCredentials) {
        TestConfig config = new TestConfig(upstream);
        config.credentials = credentials;
        ProfileConfig all = config.profile(ProfileConfig.DEFAULT, ProfileMatch.ANY, upstream);
        config.credentials = otpCredentials;
        return config.build(
                List.of(all, config.profile("otp", new ProfileMatch("/api/v1/otp/", null, null), otpUpstream)));
    }

    private void restart(ProxyConfig config) {
        proxy.close();
        proxy = Proxy.builder(config).start();
    }

    private void awaitReason(String reason) {
        Fixture.await(reason, () -> proxy.readiness().reason().matches(reason));
    }

    @Test
    void each_profile_takes_up_its_own() {
        restart(config(sandbox.uri(), "old", sandbox.uri(), "old"));

        assertThat(proxy.switchCredentials(config(sandbox.uri(), "old", sandbox.uri(), "new")))
                .isTrue();
        awaitReason("default: the credentials are refused: [^;]*");

        assertThat(proxy.switchCredentials(config(sandbox.uri(), "new", sandbox.uri(), "new")))
                .isTrue();
        awaitReason("ready");
    }

    @Test
    void no_profile_takes_up_any_if_those_of_one_are_for_another_token_url() {
        restart(config(sandbox.uri(), "old", sandbox.uri(), "old"));
        awaitReason("default: the credentials are refused: .*; otp: the credentials are refused: .*");
        long mints = sandbox.calls().mints();

        URI elsewhere = URI.create("http://id.bank.example");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.switchCredentials(config(sandbox.uri(), "new", elsewhere, "new")))
                .withMessageStartingWith("profiles.otp.token.url is another one now, " + elsewhere + "/api/o/token/:");
        assertThat(sandbox.calls().mints()).isEqualTo(mints);

        assertThat(proxy.switchCredentials(config(sandbox.uri(), "new", sandbox.uri(), "old")))
                .isTrue();
    }

    @Test
    void a_profile_without_any_keeps_those_it_has() {
        restart(config(sandbox.uri(), "old", sandbox.uri(), "new"));

        assertThat(proxy.switchCredentials(config(sandbox.uri(), "new"))).isTrue();
        awaitReason("ready");
    }

    @Test
    void they_are_nothing_to_a_token_source_of_the_embedders_own() throws Exception {
        try (Fixture fixture = new Fixture()) {
            assertThat(fixture.proxy.switchCredentials(config(fixture.upstream.uri(), "new")))
                    .isFalse();
        }
    }
}
