package dev.valifyproxy.config;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.clientauth.ClientAuthSettings;
import dev.valifyproxy.clientauth.ClientAuthSettings.TokenEndpoint;
import dev.valifyproxy.exchange.ExchangeSettings;
import dev.valifyproxy.exchange.ProfileMatch;
import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.injection.RejectionRule;
import dev.valifyproxy.injection.RejectionRule.Sign;
import dev.valifyproxy.injection.RejectionSettings;
import dev.valifyproxy.injection.UseScopeSettings;
import dev.valifyproxy.listener.ListenerSettings;
import dev.valifyproxy.oauth.Credentials;
import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.testing.TestConfig;
import dev.valifyproxy.tls.TlsSettings;
import dev.valifyproxy.token.LearnUses;
import dev.valifyproxy.upstream.UpstreamSettings;
import dev.valifyproxy.worker.Transport;
import dev.valifyproxy.worker.WorkerSettings;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProxyConfigTest {

    static final Config CREDENTIALS = ConfigFactory.parseString(
            "valify-proxy.token { username = u, password = p, client-id = i, client-secret = s }");

    static ProxyConfig with(String hocon) {
        return ProxyConfig.from(ConfigFactory.parseString(hocon).withFallback(CREDENTIALS));
    }

    private static ProfileConfig only(ProxyConfig config) {
        assertThat(config.profiles()).hasSize(1);
        return config.profiles().get(0);
    }

    @Test
    void with_nothing_but_credentials_everything_is_at_its_default() {
        TlsSettings tls = new TlsSettings(null);
        assertThat(with(""))
                .isEqualTo(new ProxyConfig(
                        new WorkerSettings(
                                null, Math.max(1, Runtime.getRuntime().availableProcessors() / 2)),
                        new ListenerSettings("0.0.0.0", 8080, 10_000),
                        new Http1Settings(8 << 10, 32 << 10, 100, ofSeconds(15), ofSeconds(30), ofSeconds(75)),
                        List.of(new ProfileConfig(
                                "default",
                                ProfileMatch.ANY,
                                new UpstreamSettings(
                                        URI.create("https://valifystage.com"),
                                        null,
                                        1024,
                                        ofMinutes(5),
                                        ofSeconds(30),
                                        ofSeconds(5),
                                        ofSeconds(10),
                                        tls),
                                true,
                                new OAuthSettings(
                                        URI.create("https://valifystage.com/api/o/token/"),
                                        null,
                                        new Credentials(Secret.of("u"), Secret.of("p"), Secret.of("i"), Secret.of("s")),
                                        ofSeconds(5),
                                        ofSeconds(10),
                                        ofSeconds(600),
                                        ofHours(24),
                                        tls),
                                TestConfig.pool(3, ofSeconds(5), ofSeconds(8), ofSeconds(10), 3, 128, 1024),
                                new RejectionSettings(
                                        List.of(
                                                new RejectionRule(
                                                        List.of(403),
                                                        Sign.BODY_CONTAINS,
                                                        "specified access_token could not be found"),
                                                new RejectionRule(
                                                        List.of(401, 403),
                                                        Sign.BODY_CONTAINS,
                                                        "\"Authentication credentials were not provided.\""),
                                                new RejectionRule(
                                                        List.of(401, 403), Sign.BODY_CONTAINS, "\"Invalid token.\""),
                                                new RejectionRule(
                                                        List.of(401, 403),
                                                        Sign.WWW_AUTHENTICATE_ERROR,
                                                        "invalid_token")),
                                        List.of("/api/v1/transaction/inquire", "/api/v1/transaction/inquiry")),
                                new UseScopeSettings(List.of()))),
                        new ExchangeSettings(10_000, 32 << 20, 12 << 20, 64 << 20, ofSeconds(120), ofSeconds(60), null),
                        new ClientAuthSettings(TokenEndpoint.STUB),
                        ZERO,
                        ofSeconds(30)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://valify.bank.example/, https://valify.bank.example",
        "http://127.0.0.1:8081, http://127.0.0.1:8081",
        "http://[::1]:8081/, http://[::1]:8081"
    })
    void a_base_url_is_taken_with_or_without_its_trailing_slash(String given, URI meant) {
        ProxyConfig config = with("valify-proxy.upstream.base-url = \"" + given + "\"");

        assertThat(only(config).upstream().baseUrl()).isEqualTo(meant);
        assertThat(only(config).oauth().tokenUrl()).isEqualTo(URI.create(meant + "/api/o/token/"));
    }

    @Test
    void a_token_url_of_its_own_is_taken_as_it_is() {
        assertThat(only(with("valify-proxy.token.url = \"https://id.bank.example/o/token/?tenant=1\""))
                        .oauth()
                        .tokenUrl())
                .isEqualTo(URI.create("https://id.bank.example/o/token/?tenant=1"));
    }

    @Test
    void workers_transport_and_the_token_path_can_be_chosen() {
        ProxyConfig config =
                with("valify-proxy { server { workers = 3, transport = nio }, client-auth.token-endpoint = off,"
                        + " upstream { rewrite-location = no, max-connection-age = 5 m }, timeouts.total = 90 s }");

        assertThat(config.workers()).isEqualTo(new WorkerSettings(Transport.NIO, 3));
        assertThat(config.clientAuth().tokenEndpoint()).isEqualTo(TokenEndpoint.OFF);
        assertThat(only(config).upstream().maxConnectionAge()).isEqualTo(ofMinutes(5));
        assertThat(only(config).rewriteLocation()).isFalse();
        assertThat(config.exchange().totalTimeout()).isEqualTo(ofSeconds(90));
    }

    @Test
    void rules_of_rejection_replace_those_there_are() {
        assertThat(only(with("valify-proxy.token.rejection.rules = [{ status = [401, 419], body-contains = gone }]"))
                        .rejection()
                        .rules())
                .containsExactly(new RejectionRule(List.of(401, 419), Sign.BODY_CONTAINS, "gone"));
        assertThat(only(with("valify-proxy.token.rejection.rules = []"))
                        .rejection()
                        .rules())
                .isEmpty();
    }

    @Test
    void services_are_told_apart_only_where_uses_are_counted_by_them() {
        String services = "valify-proxy.token.services { mine = [\"/mine\"], ocr = [] }";
        assertThat(only(with(services)).pool().scopes()).isEqualTo(1);
        ProfileConfig config = only(with(services + ", valify-proxy.token.use-scope = service"));
        assertThat(config.useScopes().services())
                .contains(new UseScopeSettings.Service("mine", List.of("/mine")))
                .noneMatch(service -> service.name().equals("ocr"))
                .hasSize(9);
        assertThat(config.pool().scopes()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(LearnUses.class)
    void uses_may_be_learnt(LearnUses learnUses) {
        assertThat(only(with("valify-proxy.token.learn-uses = "
                                + learnUses.name().toLowerCase(Locale.ROOT)))
                        .pool()
                        .learnUses())
                .isEqualTo(learnUses);
    }

    @Test
    void a_password_of_digits_keeps_its_leading_zero() {
        assertThat(only(with("valify-proxy.token.password = 0123"))
                        .oauth()
                        .credentials()
                        .password()
                        .reveal())
                .isEqualTo("0123");
    }

    @Test
    void any_printable_character_may_stand_in_a_password() {
        StringBuilder all = new StringBuilder();
        for (char c = ' '; c < 127; c++) {
            all.append(c == '"' || c == '\\' ? "\\" : "").append(c);
        }

        String password = only(with("valify-proxy.token.password = \"" + all + "ä€\""))
                .oauth()
                .credentials()
                .password()
                .reveal();

        assertThat(password).hasSize(95 + 2).startsWith(" !\"#$%&").endsWith("}~ä€");
    }

    @Test
    void the_sections_of_the_program_are_left_alone() {
        assertThat(with("valify-proxy { admin.port = none, log.colour = red }")).isEqualTo(with(""));
    }

    @Test
    void other_roots_of_an_embedding_application_are_left_alone() {
        assertThat(with("akka.loglevel = DEBUG")).isEqualTo(with(""));
    }

    @Test
    void a_printed_configuration_holds_no_credential() {
        assertThat(
                        with("valify-proxy.token { username = ann3, password = hunter2, client-id = id4, client-secret = x5y }")
                                .toString())
                .contains("***")
                .doesNotContain("ann3", "hunter2", "id4", "x5y");
    }
}
