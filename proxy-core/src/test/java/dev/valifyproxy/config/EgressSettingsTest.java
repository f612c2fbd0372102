package dev.valifyproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.http.EgressProxy.Login;
import dev.valifyproxy.secret.Secret;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys {@code upstream.proxy} and {@code upstream.no-proxy}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EgressSettingsTest {

    private static final EgressProxy PROXY = new EgressProxy("egress.bank.example", 3128, null);
    private static final String SET = "valify-proxy.upstream.proxy = \"http://egress.bank.example:3128\"\n";

    private static ProfileConfig read(String lines) {
        return ProxyConfigTest.with(lines).profiles().get(0);
    }

    private static List<String> problemsOf(String proxy) {
        InvalidConfigException e = catchThrowableOfType(
                InvalidConfigException.class,
                () -> ProxyConfig.from(ConfigFactory.parseString(
                                "valify-proxy.upstream.proxy = \"" + proxy + "\"",
                                ConfigParseOptions.defaults().setOriginDescription("my.conf"))
                        .withFallback(ProxyConfigTest.CREDENTIALS)));
        assertThat(e).isNotNull();
        return e.problems();
    }

    @Test
    void a_proxy_serves_calls_and_token_requests_alike() {
        assertThat(read(SET).upstream().proxy()).isEqualTo(PROXY);
        assertThat(read(SET).oauth().proxy()).isEqualTo(PROXY);
    }

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1:80, 10.0.0.1, 80, 10.0.0.1:80",
        "http://egress:65535/, egress, 65535, egress:65535",
        "http://[fd00::1]:3128, fd00::1, 3128, [fd00::1]:3128",
        "http://bob:pw6@egress:3128, egress, 3128, egress:3128"
    })
    void its_address_is_taken_and_may_be_shown(String given, String host, int port, String address) {
        EgressProxy proxy = read("valify-proxy.upstream.proxy = \"" + given + "\"")
                .upstream()
                .proxy();

        assertThat(proxy.host()).isEqualTo(host);
        assertThat(proxy.port()).isEqualTo(port);
        assertThat(proxy.address()).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "bob:pw6, bob, pw6, Basic Ym9iOnB3Ng==",
        "bob, bob, '', Basic Ym9iOg==",
        "bob:, bob, '', Basic Ym9iOg==",
        "b%40b:p%3Aw%2F+%25, b@b, p:w/+%, Basic YkBiOnA6dy8rJQ==",
        "bob:p:w, bob, p:w, Basic Ym9iOnA6dw==",
        "bob:%C3%A9, bob, é, Basic Ym9iOsOp"
    })
    void its_credentials_are_decoded_and_sent_as_Basic(String given, String user, String password, String basic) {
        Login login = read("valify-proxy.upstream.proxy = \"http://" + given + "@egress:3128\"")
                .upstream()
                .proxy()
                .login();

        assertThat(login).isEqualTo(new Login(Secret.of(user), Secret.of(password)));
        assertThat(login.basic().reveal()).isEqualTo(basic);
    }

    @Test
    void a_printed_configuration_holds_no_credential_of_the_proxys() {
        String printed = read("valify-proxy.upstream.proxy = \"http://bob7:pw6x@egress:3128\"")
                .toString();

        assertThat(printed).contains("egress").doesNotContain("bob7", "pw6x");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            https://bob:pw6@egress:3128 | must be an http URL, such as http://proxy.bank.example:3128: other kinds of proxies are not supported
            socks5://egress:1080 | must be an http URL, such as http://proxy.bank.example:3128: other kinds of proxies are not supported
            bob:pw6@egress:3128 | must be an http URL, such as http://proxy.bank.example:3128: other kinds of proxies are not supported
            egress:3128 | must be an http URL, such as http://proxy.bank.example:3128: other kinds of proxies are not supported
            http://bob:pw6@egress | must have a port of 1 to 65535, such as http://proxy.bank.example:3128
            http://egress:0 | must have a port of 1 to 65535, such as http://proxy.bank.example:3128
            http://egress:65536 | must have a port of 1 to 65535, such as http://proxy.bank.example:3128
            http://egress:3128/a | FORM
            http://egress:3128?pw6 | FORM
            http://egress:3128#a | FORM
            http://bob:p@w6@egress:3128 | FORM
            http://bob:p w6@egress:3128 | FORM
            http://bob:%pw6@egress:3128 | FORM
            http://b%3Ab:pw6@egress:3128 | must have a user name without a colon (RFC 7617 §2)
            http://bob:pw6%0A@egress:3128 | must have no control characters in user or password
            http://bob:pw6              | FORM
            http://egress:3128@bob:pw6  | FORM
            """)
    void what_is_wrong_is_told_without_the_value_whose_password_may_stand_anywhere(String given, String right) {
        String form = "must be http://host:port, perhaps with user:password@ before the host,"
                + " signs in these escaped: %40 for @, %3A for :, %2F for /";
        assertThat(problemsOf(given))
                .containsExactly("valify-proxy.upstream.proxy (my.conf: 1): " + (right.equals("FORM") ? form : right));
    }

    @Test
    void this_machine_and_the_hosts_that_are_named_are_reached_directly_each_url_by_itself() {
        String base = SET + "valify-proxy.upstream.base-url = \"http://localhost:8081\"\n";
        String token = SET + "valify-proxy.token.url = \"http://127.0.0.1:8081/token\"\n";
        String named = SET + "valify-proxy.token.url = \"https://id.bank.example/token\"\n"
                + "valify-proxy.upstream.no-proxy = [\"x.example\", \"id.bank.example\"]";

        assertThat(read(base).upstream().proxy()).isNull();
        assertThat(read(base).oauth().proxy()).isNull();
        assertThat(read(base + "valify-proxy.token.url = \"https://id.bank.example/token\"")
                        .oauth()
                        .proxy())
                .isEqualTo(PROXY);
        assertThat(read(token).upstream().proxy()).isEqualTo(PROXY);
        assertThat(read(token).oauth().proxy()).isNull();
        assertThat(read(named).upstream().proxy()).isEqualTo(PROXY);
        assertThat(read(named).oauth().proxy()).isNull();
    }

    @Test
    void a_profile_takes_the_proxy_from_the_top_or_has_its_own_or_none() {
        List<ProfileConfig> all = ProxyConfigTest.with(SET + """
                        valify-proxy.profiles {
                          a { match.host = a }
                          b { match.host = b, upstream.proxy = "http://other:8080" }
                          c { match.host = c, upstream.proxy = null }
                          d { match.host = d, upstream.no-proxy = ["*"] }
                        }""").profiles();

        assertThat(all)
                .extracting(profile -> profile.upstream().proxy())
                .containsExactly(PROXY, PROXY, new EgressProxy("other", 8080, null), null, null);
        assertThat(all)
                .extracting(profile -> profile.oauth().proxy())
                .containsExactly(PROXY, PROXY, new EgressProxy("other", 8080, null), null, null);
    }
}
