package dev.valifyproxy.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.config.InvalidConfigException;
import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.http.EgressProxy.Login;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.server.admin.AdminSettings;
import io.netty.pkitesting.CertificateBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigLoaderTest {

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "VALIFY_USERNAME", "ann3",
            "VALIFY_PASSWORD", "hunter2",
            "VALIFY_CLIENT_ID", "id4",
            "VALIFY_CLIENT_SECRET", "x5y"));
    private final Properties properties = new Properties();

    @TempDir
    private Path folder;

    private ServerConfig load() {
        return new ConfigLoader(environment, properties).load(null);
    }

    private ServerConfig load(String file) throws IOException {
        return new ConfigLoader(environment, properties).load(write("my.conf", file));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private List<String> problems() {
        return problemsOf(null);
    }

    private List<String> problemsOf(Path file) {
        InvalidConfigException e = catchThrowableOfType(
                InvalidConfigException.class, () -> new ConfigLoader(environment, properties).load(file));
        assertThat(e).isNotNull();
        assertThat(e.getMessage()).doesNotContain("ann3", "hunter2", "id4", "x5y");
        return e.problems().stream()
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }

    private static ProfileConfig only(ServerConfig config) {
        assertThat(config.proxy().profiles()).hasSize(1);
        return config.proxy().profiles().get(0);
    }

    @Test
    void credentials_alone_are_enough() {
        ServerConfig config = load();

        assertThat(config.admin()).isEqualTo(new AdminSettings("0.0.0.0", 9090));
        assertThat(config.log()).isEqualTo(new LogSettings(Level.INFO, LogSettings.Format.TEXT, false));
        assertThat(only(config).oauth().credentials().password().reveal()).isEqualTo("hunter2");
        assertThat(config.toString()).doesNotContain("ann3", "hunter2", "id4", "x5y");
    }

    @Test
    void a_property_wins_over_the_environment_which_wins_over_the_file_which_wins_over_the_default()
            throws IOException {
        assertThat(load().proxy().listener().port()).isEqualTo(8080);
        assertThat(load("valify-proxy.server.port = 1").proxy().listener().port())
                .isEqualTo(1);
        environment.put("PROXY_PORT", "2");
        assertThat(load("valify-proxy.server.port = 1").proxy().listener().port())
                .isEqualTo(2);
        properties.setProperty("valify-proxy.server.port", "3");
        assertThat(load("valify-proxy.server.port = 1").proxy().listener().port())
                .isEqualTo(3);
    }

    @Test
    void a_layer_may_be_put_over_all_others_and_one_under_them() {
        environment.put("PROXY_PORT", "2");
        ServerConfig config = new ConfigLoader(environment, properties)
                .load(
                        null,
                        ConfigFactory.parseString("valify-proxy.server.port = 4"),
                        ConfigFactory.parseString("valify-proxy { server.port = 5, admin.port = 5 }"));

        assertThat(config.proxy().listener().port()).isEqualTo(4);
        assertThat(config.admin().port()).isEqualTo(5);
    }

    @Test
    void every_variable_sets_its_key() {
        environment.putAll(Map.of(
                "VALIFY_BASE_URL", "https://valify.bank.example",
                "VALIFY_TOKEN_URL", "https://id.bank.example/token",
                "PROXY_BIND", "127.0.0.1",
                "PROXY_PORT", "81",
                "PROXY_ADMIN_PORT", "0"));
        ServerConfig config = load();

        assertThat(only(config).upstream().baseUrl()).isEqualTo(URI.create("https://valify.bank.example"));
        assertThat(only(config).oauth().tokenUrl()).isEqualTo(URI.create("https://id.bank.example/token"));
        assertThat(only(config).oauth().credentials().username().reveal()).isEqualTo("ann3");
        assertThat(only(config).oauth().credentials().clientId().reveal()).isEqualTo("id4");
        assertThat(only(config).oauth().credentials().clientSecret().reveal()).isEqualTo("x5y");
        assertThat(config.proxy().listener().bind()).isEqualTo("127.0.0.1");
        assertThat(config.proxy().listener().port()).isEqualTo(81);
        assertThat(config.admin().port()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"VALIFY_BASE_URL", "PROXY_PORT", "HTTPS_PROXY", "VALIFY_PASSWORD_FILE"})
    void an_empty_variable_counts_as_unset(String variable) {
        environment.put(variable, "");

        assertThat(only(load()).upstream().baseUrl()).isEqualTo(URI.create("https://valifystage.com"));
    }

    @Test
    void an_empty_credential_counts_as_missing() {
        environment.put("VALIFY_PASSWORD", "");

        assertThat(problems())
                .containsExactly(
                        "valify-proxy.token.password is missing: set VALIFY_PASSWORD, or VALIFY_PASSWORD_FILE to the"
                                + " path of a file that holds it");
    }

    @Test
    void a_wrong_value_is_told_with_the_place_it_came_from() throws IOException {
        environment.put("PROXY_PORT", "tcp://10.96.0.7:80");
        properties.setProperty("valify-proxy.token.max-uses", "0");
        properties.setProperty("valify-proxy.token.max-use", "1");

        assertThat(problemsOf(write("my.conf", "valify-proxy {\n  timeouts.connect = 10\n}")))
                .containsExactly(
                        "valify-proxy.server.port = tcp://10.96.0.7:80 (environment variable PROXY_PORT): must be 0 to 65535;"
                                + " Kubernetes injects such a value for a Service of that name:"
                                + " rename the Service, or set enableServiceLinks: false on the pod",
                        "valify-proxy.timeouts.connect = 10 (my.conf: 2): needs a unit, such as 10 s or 10 ms",
                        "valify-proxy.token.max-uses = 0 (system property): must be 1 to 1000",
                        "valify-proxy.token.max-use (system property): unknown key; did you mean valify-proxy.token.max-uses?");
    }

    @Test
    void other_properties_of_the_process_are_none_of_ours() {
        properties.setProperty("java.io.tmpdir", "/tmp");
        properties.setProperty("valify-proxying", "1");

        assertThat(load()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"hunter3, hunter3", "'hunter3\n', hunter3", "'hunter3\r\n', hunter3", "' hunter3 ', ' hunter3 '"})
    void a_credential_may_stand_in_a_file_with_one_line_break_at_its_end(String content, String meant)
            throws IOException {
        environment.remove("VALIFY_PASSWORD");
        environment.put("VALIFY_PASSWORD_FILE", write("password", content).toString());

        assertThat(only(load()).oauth().credentials().password().reveal()).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'hunter2\n\n' | must not hold control characters, such as a line break
            '\n'          | must not be empty
            ''            | must not be empty
            """)
    void a_file_without_a_usable_credential_is_told_by_its_name(String content, String right) throws IOException {
        environment.remove("VALIFY_PASSWORD");
        environment.put("VALIFY_PASSWORD_FILE", write("password", content).toString());

        assertThat(problems())
                .containsExactly("valify-proxy.token.password (VALIFY_PASSWORD_FILE, the file password): " + right);
    }

    @Test
    void the_files_that_credentials_were_read_from_are_told() throws IOException {
        environment.remove("VALIFY_PASSWORD");
        environment.remove("VALIFY_CLIENT_ID");
        Path password = write("password", "hunter2");
        Path clientId = write("id", "id4");
        environment.put("VALIFY_PASSWORD_FILE", password.toString());
        environment.put("VALIFY_CLIENT_ID_FILE", clientId.toString());
        environment.put("VALIFY_USERNAME_FILE", "");

        assertThat(load().secretFiles()).containsExactly(password, clientId);
    }

    @Test
    void a_credential_file_that_cannot_be_read_is_one_problem() throws IOException {
        environment.keySet().removeIf(name -> name.startsWith("VALIFY_"));
        environment.put("VALIFY_USERNAME_FILE", folder.resolve("none").toString());
        environment.put("VALIFY_PASSWORD_FILE", folder.toString());
        environment.put(
                "VALIFY_CLIENT_ID_FILE",
                write("large", "x".repeat((64 << 10) + 1)).toString());
        environment.put(
                "VALIFY_CLIENT_SECRET_FILE",
                Files.write(folder.resolve("latin1"), "é".getBytes(StandardCharsets.ISO_8859_1))
                        .toString());

        assertThat(problems())
                .map(problem -> problem.replace(folder.toString(), "FOLDER"))
                .containsExactly(
                        "valify-proxy.token.username (environment variable VALIFY_USERNAME_FILE): cannot read none:"
                                + " there is no such file",
                        "valify-proxy.token.password (environment variable VALIFY_PASSWORD_FILE): cannot read FOLDER:"
                                + " Is a directory",
                        "valify-proxy.token.client-id (environment variable VALIFY_CLIENT_ID_FILE): cannot read large:"
                                + " it is larger than 64 KiB",
                        "valify-proxy.token.client-secret (environment variable VALIFY_CLIENT_SECRET_FILE): cannot read latin1:"
                                + " it is not UTF-8 text");
    }

    @Test
    void a_credential_file_of_64_KiB_is_still_read() throws IOException {
        environment.remove("VALIFY_PASSWORD");
        environment.put(
                "VALIFY_PASSWORD_FILE", write("large", "x".repeat(64 << 10)).toString());

        assertThat(only(load()).oauth().credentials().password().reveal()).hasSize(64 << 10);
    }

    @Test
    void a_variable_and_its_file_both_set_are_told() throws IOException {
        environment.put("VALIFY_PASSWORD_FILE", write("password", "hunter2").toString());

        assertThat(problems())
                .containsExactly(
                        "valify-proxy.token.password: VALIFY_PASSWORD and VALIFY_PASSWORD_FILE are both set: must be one of them");
    }

    @Test
    void certificates_are_read_from_the_file_that_is_named() throws Exception {
        String pem = new CertificateBuilder()
                .subject("cn=ca.bank.example")
                .setIsCertificateAuthority(true)
                .buildSelfSigned()
                .getCertificatePEM();
        ServerConfig config = load("valify-proxy.upstream.ca-file = \"" + write("ca.pem", pem) + "\"");

        assertThat(only(config).upstream().tls().caCertificates()).isEqualTo(pem);
        assertThat(only(config).oauth().tls().caCertificates()).isEqualTo(pem);
    }

    @Test
    void a_certificate_file_that_is_missing_wrong_or_named_beside_its_text_is_told() throws IOException {
        assertThat(problemsOf(write("my.conf", "valify-proxy.upstream.ca-file = none.pem")))
                .containsExactly(
                        "valify-proxy.upstream.ca-file (my.conf: 1): cannot read none.pem: there is no such file");
        assertThat(problemsOf(write("my.conf", "valify-proxy.upstream.ca-file = \"" + write("ca.pem", "key") + "\"")))
                .containsExactly("valify-proxy.upstream.ca-certificates (the file ca.pem):"
                        + " must hold certificates in PEM form (-----BEGIN CERTIFICATE-----)");
        assertThat(problemsOf(write("my.conf", "valify-proxy.upstream { ca-file = [a] }")))
                .containsExactly("valify-proxy.upstream.ca-file (my.conf: 1): must be the path of a file");
        assertThat(problemsOf(write("my.conf", "valify-proxy.upstream { ca-file = a\nca-certificates = b }")))
                .containsExactly("valify-proxy.upstream.ca-certificates: upstream.ca-certificates (my.conf: 2) and"
                        + " upstream.ca-file (my.conf: 1) are both set: must be one of them");
    }

    @Test
    void two_ports_that_are_the_same_are_told() {
        environment.put("PROXY_ADMIN_PORT", "8080");

        assertThat(problems())
                .containsExactly("valify-proxy.admin.port = 8080 (environment variable PROXY_ADMIN_PORT):"
                        + " must differ from server.port, which is the same");
    }

    @Test
    void a_value_that_nobody_set_is_told_as_the_default() {
        environment.put("PROXY_PORT", "9090");

        assertThat(problems())
                .containsExactly("valify-proxy.admin.port = 9090 (the default):"
                        + " must differ from server.port, which is the same");
    }

    @Test
    void the_same_port_may_be_used_on_two_addresses_and_0_stands_for_any() throws IOException {
        assertThat(load("valify-proxy { server.bind = 10.0.0.1, admin { bind = 127.0.0.1, port = 8080 } }"))
                .isNotNull();
        environment.put("PROXY_PORT", "0");
        environment.put("PROXY_ADMIN_PORT", "0");
        assertThat(load()).isNotNull();
    }

    @Test
    void log_settings_are_words() throws IOException {
        assertThat(load("valify-proxy.log { level = debug, format = json, mints = on }")
                        .log())
                .isEqualTo(new LogSettings(Level.DEBUG, LogSettings.Format.JSON, true));
        assertThat(problemsOf(write("my.conf", "valify-proxy.log { level = loud, format = xml, mints = all }")))
                .containsExactly(
                        "valify-proxy.log.level = loud (my.conf: 1): must be error, warn, info, debug or trace",
                        "valify-proxy.log.format = xml (my.conf: 1): must be text or json",
                        "valify-proxy.log.mints = all (my.conf: 1): must be on or off");
    }

    @ParameterizedTest
    @CsvSource({
        "https://valifystage.com, ''",
        "http://valify.bank.example, other.example",
        "https://valifystage.com, 'valifystage.com:8443'"
    })
    void an_egress_proxy_that_concerns_the_upstream_is_taken_from_the_environment(String baseUrl, String noProxy) {
        environment.putAll(
                Map.of("VALIFY_BASE_URL", baseUrl, "NO_PROXY", noProxy, "HTTPS_PROXY", "http://bob:pw6@egress:3128"));
        EgressProxy proxy = new EgressProxy("egress", 3128, new Login(Secret.of("bob"), Secret.of("pw6")));

        assertThat(only(load()).upstream().proxy()).isEqualTo(proxy);
        assertThat(only(load()).oauth().proxy()).isEqualTo(proxy);
        assertThat(load().toString()).doesNotContain("bob", "pw6");
    }

    @ParameterizedTest
    @CsvSource({
        "https://valifystage.com, valifystage.com",
        "https://www.valifystage.com, 'a.example,,.valifystage.com'",
        "https://valifystage.com, *",
        "http://localhost:8081, ''",
        "http://[::1]:8081, ''"
    })
    void an_egress_proxy_is_nothing_to_an_upstream_on_loopback_or_named_by_NO_PROXY(String baseUrl, String noProxy) {
        environment.putAll(
                Map.of("VALIFY_BASE_URL", baseUrl, "NO_PROXY", noProxy, "HTTPS_PROXY", "http://egress:3128"));

        assertThat(only(load()).upstream().baseUrl()).isEqualTo(URI.create(baseUrl));
        assertThat(only(load()).upstream().proxy()).isNull();
        assertThat(only(load()).oauth().proxy()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://egress:3128", "socks5://egress", "none"})
    void an_egress_proxy_that_would_not_do_is_told_only_where_it_is_needed(String proxy) {
        environment.put("HTTPS_PROXY", proxy);

        assertThat(problems())
                .containsExactly("valify-proxy.upstream.proxy"
                        + " (environment variable HTTPS_PROXY; NO_PROXY can name the upstream): must be an http URL,"
                        + " such as http://proxy.bank.example:3128: other kinds of proxies are not supported");
        environment.put("NO_PROXY", "valifystage.com");
        assertThat(only(load()).upstream().proxy()).isNull();
    }

    @Test
    void the_upstream_and_a_token_url_of_its_own_go_each_by_the_way_it_has() {
        environment.putAll(Map.of(
                "VALIFY_BASE_URL", "http://localhost:8081",
                "VALIFY_TOKEN_URL", "https://id.bank.example/token",
                "HTTPS_PROXY", "http://egress:3128"));
        EgressProxy proxy = new EgressProxy("egress", 3128, null);

        assertThat(only(load()).upstream().proxy()).isNull();
        assertThat(only(load()).oauth().proxy()).isEqualTo(proxy);

        environment.putAll(Map.of("VALIFY_BASE_URL", "https://valifystage.com", "NO_PROXY", "id.bank.example"));
        assertThat(only(load()).upstream().proxy()).isEqualTo(proxy);
        assertThat(only(load()).oauth().proxy()).isNull();
    }

    @Test
    void an_egress_proxy_and_its_exceptions_that_a_file_or_a_property_sets_win_over_the_environment()
            throws IOException {
        environment.putAll(Map.of("HTTPS_PROXY", "http://egress:3128", "NO_PROXY", "valifystage.com"));
        EgressProxy other = new EgressProxy("other", 8080, null);
        String file = "valify-proxy.upstream { proxy = \"http://other:8080\"";

        assertThat(only(load(file + " }")).upstream().proxy()).isNull();
        assertThat(only(load(file + ", no-proxy = [] }")).upstream().proxy()).isEqualTo(other);
        properties.setProperty("valify-proxy.upstream.proxy", "http://other:8080");
        assertThat(only(load("valify-proxy.upstream.no-proxy = []")).upstream().proxy())
                .isEqualTo(other);
    }

    @Test
    void an_egress_proxy_concerns_only_those_profiles_whose_upstream_it_stands_before() throws IOException {
        environment.keySet().removeIf(name -> name.startsWith("VALIFY_"));
        environment.put("HTTPS_PROXY", "http://egress:3128");
        ServerConfig config = load(profile("near", "upstream.base-url = \"http://localhost:8081\"")
                + profile("far", "upstream.base-url = \"https://far.example\"")
                + profile("other", "upstream.proxy = \"http://other:8080\"")
                + profile("free", "upstream.no-proxy = [\"*\"]")
                + profile("none", "upstream.proxy = null"));

        assertThat(config.proxy().profiles())
                .extracting(profile -> profile.name() + " " + profile.upstream().proxy())
                .containsExactly(
                        "far " + new EgressProxy("egress", 3128, null),
                        "free null",
                        "near null",
                        "none null",
                        "other " + new EgressProxy("other", 8080, null));
    }

    /** A profile with credentials, and these lines. */
    private static String profile(String name, String lines) {
        return "valify-proxy.profiles." + name + " { match.host = " + name
                + ", token { username = ann3, password = hunter2," + " client-id = id4, client-secret = x5y }, " + lines
                + " }\n";
    }

    @Test
    void a_key_may_name_the_file_of_a_credential_at_the_top_and_in_a_profile() throws IOException {
        environment.remove("VALIFY_PASSWORD");
        Path top = write("top", "hunter2\n");
        Path staging = write("staging", "hunter3\n");
        ServerConfig config = load("valify-proxy { token.password-file = \"" + top + "\", profiles.staging {"
                + " match.host = s, token { password-file = \"" + staging + "\" } }, profiles.other.match.host = o }");

        assertThat(config.proxy().profiles())
                .extracting(profile -> profile.name() + " "
                        + profile.oauth().credentials().password().reveal())
                .containsExactly("default hunter2", "other hunter2", "staging hunter3");
        assertThat(config.secretFiles()).containsExactly(top, staging);
    }

    @Test
    void a_credential_and_its_file_both_set_are_told() throws IOException {
        assertThat(problemsOf(write("my.conf", "valify-proxy.token.password-file = pw")))
                .containsExactly(
                        "valify-proxy.token.password: token.password (environment variable VALIFY_PASSWORD) and"
                                + " token.password-file (my.conf: 1) are both set: must be one of them");
        assertThat(problemsOf(write("my.conf", profile("s", "token.client-id-file = id"))))
                .containsExactly("valify-proxy.profiles.s.token.client-id: token.client-id (my.conf: 1) and"
                        + " token.client-id-file (my.conf: 1) are both set: must be one of them");
    }

    @Test
    void a_credential_file_of_a_profile_that_cannot_be_read_is_one_problem() throws IOException {
        assertThat(
                        problemsOf(
                                write(
                                        "my.conf",
                                        "valify-proxy.profiles.\"s.t\" { match.host = s, token { password-file = none, username-file = [a] } }")))
                .containsExactlyInAnyOrder(
                        "valify-proxy.profiles.\"s.t\".token.username-file (my.conf: 1): must be the path of a file",
                        "valify-proxy.profiles.\"s.t\".token.password-file (my.conf: 1): cannot read none:"
                                + " there is no such file");
    }

    @Test
    void a_profile_may_trust_an_authority_of_its_own() throws Exception {
        String pem = new CertificateBuilder()
                .subject("cn=ca.bank.example")
                .setIsCertificateAuthority(true)
                .buildSelfSigned()
                .getCertificatePEM();
        ServerConfig config = load(profile("s", "upstream.ca-file = \"" + write("ca.pem", pem) + "\""));

        assertThat(config.proxy().profiles())
                .extracting(profile -> profile.upstream().tls().caCertificates())
                .containsExactly(null, pem);
    }
}
