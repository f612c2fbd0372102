package dev.valifyproxy.config;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.valifyproxy.exchange.ProfileMatch;
import dev.valifyproxy.exchange.ProfileMatch.Header;
import dev.valifyproxy.exchange.Provenance;
import dev.valifyproxy.exchange.Provenance.Forwarded;
import dev.valifyproxy.injection.UseScopeSettings;
import dev.valifyproxy.token.LearnUses;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section {@code profiles}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProfilesTest {

    private static final String STAGING = """
            valify-proxy.profiles.staging {
              match { host = stage.local }
              upstream { base-url = "https://stage.example" }
              token { username = su, password = sp, client-id = si, client-secret = ss }
            }
            """;

    private static List<ProfileConfig> profiles(String hocon) {
        return ProxyConfig.from(ConfigFactory.parseString(hocon)).profiles();
    }

    private static List<ProfileConfig> withDefault(String hocon) {
        return ProxyConfigTest.with(hocon).profiles();
    }

    private static List<String> problems(String hocon) {
        InvalidConfigException e = catchThrowableOfType(
                InvalidConfigException.class,
                () -> ProxyConfig.from(ConfigFactory.parseString(
                        hocon, ConfigParseOptions.defaults().setOriginDescription("my.conf"))));
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).doesNotContain("hunter2");
        return e.problems();
    }

    /** The problems of lines beside a good profile and a good default. */
    private static List<String> problemsBeside(String lines) {
        return problems(lines + "\n" + STAGING
                + "valify-proxy.token { username = u, password = p, client-id = i, client-secret = s }");
    }

    @Test
    void without_credentials_at_the_top_there_are_only_those_that_are_written() {
        assertThat(profiles(STAGING)).extracting(ProfileConfig::name).containsExactly("staging");
    }

    @Test
    void with_credentials_at_the_top_there_is_a_default_that_matches_every_call() {
        List<ProfileConfig> both = withDefault(STAGING);

        assertThat(both).extracting(ProfileConfig::name).containsExactly("default", "staging");
        assertThat(both.get(0).match()).isEqualTo(ProfileMatch.ANY);
        assertThat(both.get(0).upstream().baseUrl()).isEqualTo(URI.create("https://valifystage.com"));
        assertThat(both.get(0).oauth().credentials().username().reveal()).isEqualTo("u");
        assertThat(both.get(1).match()).isEqualTo(new ProfileMatch(null, "stage.local", null));
        assertThat(both.get(1).upstream().baseUrl()).isEqualTo(URI.create("https://stage.example"));
        assertThat(both.get(1).oauth().credentials().username().reveal()).isEqualTo("su");
    }

    @Test
    void null_or_an_empty_section_is_no_profile() {
        assertThat(withDefault("valify-proxy.profiles = null")).isEqualTo(withDefault(""));
        assertThat(withDefault("valify-proxy.profiles {}")).isEqualTo(withDefault(""));
    }

    @Test
    void profiles_that_are_no_section_are_told() {
        assertThat(problems("valify-proxy { profiles = 5, token.username = u }"))
                .hasSize(4)
                .contains("valify-proxy.profiles = 5 (my.conf: 1): must be a section, { ... }");
    }

    @Test
    void any_credential_at_the_top_asks_for_all_of_them_while_a_profile_is_no_reason_to() {
        assertThat(problems(STAGING + "valify-proxy.token.client-id = i"))
                .hasSize(3)
                .allMatch(problem -> problem.matches("valify-proxy\\.token\\.[-a-z]+ is missing: set VALIFY_.*"));
    }

    @Test
    void a_profile_takes_what_it_does_not_set_from_the_top_and_that_from_the_defaults() {
        ProfileConfig staging = profiles(STAGING + """
                valify-proxy {
                  upstream { max-connections = 7, rewrite-location = off }
                  token { max-uses = 1, floor = 9, rejection.never = ["/x"] }
                  timeouts.connect = 2 s
                  profiles.staging.token.floor = 5
                }""").get(0);

        assertThat(staging.upstream().maxConnections()).isEqualTo(7);
        assertThat(staging.upstream().connectTimeout()).isEqualTo(ofSeconds(2));
        assertThat(staging.rewriteLocation()).isFalse();
        assertThat(staging.pool().maxUses()).isEqualTo(1);
        assertThat(staging.pool().floor()).isEqualTo(5);
        assertThat(staging.pool().maxWaiters()).isEqualTo(1024);
        assertThat(staging.rejection().never()).containsExactly("/x");
    }

    @Test
    void a_profile_may_share_the_credentials_of_the_top() {
        List<ProfileConfig> both =
                withDefault("valify-proxy.profiles.slow { match.path-prefix = /slow, token.max-uses = 1 }");

        assertThat(both.get(1).oauth()).isEqualTo(both.get(0).oauth());
        assertThat(both.get(1).pool().maxUses()).isEqualTo(1);
        assertThat(both.get(0).pool().maxUses()).isEqualTo(3);
    }

    @Test
    void its_token_url_is_at_its_own_upstream_unless_one_is_set_or_inherited() {
        String top = "valify-proxy.token.url = \"https://id.example/token\"\n";

        assertThat(profiles(STAGING).get(0).oauth().tokenUrl())
                .isEqualTo(URI.create("https://stage.example/api/o/token/"));
        assertThat(profiles(top + STAGING).get(0).oauth().tokenUrl()).isEqualTo(URI.create("https://id.example/token"));
        assertThat(profiles(top + STAGING + "valify-proxy.profiles.staging.token.url = null")
                        .get(0)
                        .oauth()
                        .tokenUrl())
                .isEqualTo(URI.create("https://stage.example/api/o/token/"));
    }

    @Test
    void all_conditions_of_a_match_are_read() {
        assertThat(profiles(
                                STAGING
                                        + "valify-proxy.profiles.staging.match { path-prefix = /api/v1/otp/, header { name = X-Bundle, value = \"b 1\" } }")
                        .get(0)
                        .match())
                .isEqualTo(new ProfileMatch("/api/v1/otp", "stage.local", new Header("x-bundle", "b 1")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            profiles.b = 5                                  | profiles.b = 5 (my.conf: 1): must be a section, { ... }
            profiles.b.match = 5                            | profiles.b.match = 5 (my.conf: 1): must be a section, { ... }
            profiles.b.match.header = b                     | profiles.b.match.header = b (my.conf: 1): must be a section, { ... }
            profiles.b.token { max-uses = 2 }               | profiles.b.match is missing: set path-prefix, host or header in it, or several of them
            profiles.b.match.path-prefix = api              | profiles.b.match.path-prefix = api (my.conf: 1): must begin with / and have no query
            profiles.b.match.path-prefix = "/api?x"         | profiles.b.match.path-prefix = /api?x (my.conf: 1): must begin with / and have no query
            profiles.b.match.host = "https://a.example"     | profiles.b.match.host = https://a.example (my.conf: 1): must be a host, perhaps with a port, such as stage.bank.example
            profiles.b.match.header { name = X-B }          | profiles.b.match.header.value is missing: a header has a name and a value
            profiles.b.match.header { value = b }           | profiles.b.match.header.name is missing: a header has a name and a value
            profiles.b.match.header { name = "X B", value = b } | profiles.b.match.header.name = X B (my.conf: 1): must be the name of a field
            profiles.b.match.header { name = X-B, value = " b" } | profiles.b.match.header.value =  b (my.conf: 1): must be visible ASCII, with spaces only between
            profiles.b { match.host = b, token.max-uses = 0 } | profiles.b.token.max-uses = 0 (my.conf: 1): must be 1 to 1000
            profiles.b { match.host = b, token.max-usess = 2 } | profiles.b.token.max-usess (my.conf: 1): unknown key; did you mean valify-proxy.profiles.b.token.max-uses?
            profiles.b { match.hosts = b, match.host = b }  | profiles.b.match.hosts (my.conf: 1): unknown key; did you mean valify-proxy.profiles.b.match.host?
            profiles.b { match.host = b, limits.max-head = 1 KiB } | profiles.b.limits (my.conf: 1): unknown key; did you mean valify-proxy.limits?
            profiles.b { match.host = b, token.password-file = /run/pw } | profiles.b.token.password-file = /run/pw (my.conf: 1): is read by the program only: must be null, with its text as password
            profiles.b { match.host = b, token.password = "" } | profiles.b.token.password (my.conf: 1): must not be empty
            profiles.default { match.host = b }             | profiles.default (my.conf: 1): must have another name: this is that of the sections upstream and token at the top
            profiles.b { match.host = STAGE.local }         | profiles.staging (my.conf: 2): must match other calls than b, which matches the same
            match.host = b                                  | match (my.conf: 1): unknown key; did you mean valify-proxy.profiles.staging.match?
            """)
    void what_is_wrong_with_a_profile_is_told_where_it_stands(String line, String problem) {
        assertThat(problemsBeside("valify-proxy." + line)).contains("valify-proxy." + problem);
        assertThat(problemsBeside("valify-proxy." + line)).hasSize(1);
    }

    @Test
    void a_wrong_value_at_the_top_is_told_once_however_many_profiles_take_it() {
        assertThat(problemsBeside("""
                valify-proxy.token.max-uses = 0
                valify-proxy.token.rejection = 5
                valify-proxy.token.services.mine = [a]
                valify-proxy.profiles.b.match.host = b"""))
                .containsExactlyInAnyOrder(
                        "valify-proxy.token.max-uses = 0 (my.conf: 1): must be 1 to 1000",
                        "valify-proxy.token.rejection = 5 (my.conf: 2): must be a section, { ... }",
                        "valify-proxy.token.services.mine (my.conf: 3): must hold paths that begin with /, which a does not");
    }

    @Test
    void keys_at_the_top_are_known_although_only_profiles_take_them() {
        assertThat(profiles("valify-proxy.token { max-uses = 1, rejection.never = [] }\n" + STAGING))
                .hasSize(1);
        assertThat(problems("valify-proxy.token.max-use = 1\n" + STAGING))
                .containsExactly(
                        "valify-proxy.token.max-use (my.conf: 1): unknown key; did you mean valify-proxy.token.max-uses?");
    }

    @Test
    void what_a_tokens_uses_are_counted_by_and_what_refuses_it_is_each_profiles_own() {
        List<ProfileConfig> both = withDefault(STAGING + """
                valify-proxy.token.use-scope = service
                valify-proxy.profiles.staging.token {
                  services { mine = ["/mine"], ocr = [] }
                  learn-uses = adapt
                  rejection.rules = [{ status = 419, body-contains = gone }]
                }
                """);

        assertThat(both).extracting(profile -> profile.pool().scopes()).containsExactly(10, 10);
        assertThat(both)
                .extracting(profile -> profile.useScopes().services().stream()
                        .map(UseScopeSettings.Service::name)
                        .filter(List.of("mine", "ocr")::contains)
                        .toList())
                .containsExactly(List.of("ocr"), List.of("mine"));
        assertThat(both)
                .extracting(profile -> profile.pool().learnUses())
                .containsExactly(LearnUses.OFF, LearnUses.ADAPT);
        assertThat(both)
                .extracting(profile -> profile.rejection().rules().size())
                .containsExactly(4, 1);
    }

    @Test
    void what_calls_tell_of_their_way_is_each_profiles_own() {
        List<ProfileConfig> both = withDefault(STAGING + """
                valify-proxy.upstream { add-via = on, add-forwarded = x-forwarded }
                valify-proxy.profiles.staging.upstream.add-forwarded = forwarded
                """);
        assertThat(both)
                .extracting(ProfileConfig::provenance)
                .containsExactly(
                        new Provenance(true, Forwarded.X_FORWARDED), new Provenance(true, Forwarded.FORWARDED));
    }

    @Test
    void a_wrong_service_or_rule_of_a_profile_is_told_where_it_stands() {
        assertThat(problemsBeside("""
                valify-proxy.profiles.staging.token {
                  services.mine = [a]
                  rejection.rules = [{ status = 403 }]
                }
                valify-proxy.profiles.b.match.host = b"""))
                .containsExactlyInAnyOrder(
                        "valify-proxy.profiles.staging.token.services.mine (my.conf: 2): must hold paths that begin with /,"
                                + " which a does not",
                        "valify-proxy.profiles.staging.token.rejection.rules[0] (my.conf: 3): must hold either body-contains"
                                + " or www-authenticate-error");
    }

    @Test
    void missing_credentials_of_a_profile_are_told_with_the_keys_to_set() {
        assertThat(
                        problems(
                                "valify-proxy.profiles.\"b.c\" { match.host = b, token { username = u, password = p, client-id = i } }"))
                .containsExactly("valify-proxy.profiles.\"b.c\".token.client-secret is missing: set it,"
                        + " or client-secret-file to the path of a file that holds it");
    }

    @Test
    void a_profile_is_not_blamed_for_the_credentials_that_the_top_lacks() {
        assertThat(problems("valify-proxy { token.username = u, profiles.b.match.host = b }"))
                .hasSize(3)
                .allMatch(problem -> problem.startsWith("valify-proxy.token."));
    }

    @Test
    void a_printed_profile_holds_no_credential() {
        assertThat(profiles("valify-proxy.profiles.b { match.host = b, token { username = ann3, password = hunter2,"
                                + " client-id = id4, client-secret = x5y } }")
                        .toString())
                .contains("***")
                .doesNotContain("ann3", "hunter2", "id4", "x5y");
    }
}
