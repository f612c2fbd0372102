package dev.valifyproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigProblemsTest {

    private static final String HOW_TO_SET = "set %1$s, or %1$s_FILE to the path of a file that holds it";

    private static List<String> problemsOf(Config config) {
        InvalidConfigException e = catchThrowableOfType(InvalidConfigException.class, () -> ProxyConfig.from(config));
        assertThat(e).isNotNull();
        return e.problems();
    }

    /** The problems of a file that holds these lines, from line 1 on. */
    private static List<String> problemsOf(String lines) {
        return problemsOf(
                ConfigFactory.parseString(lines, ConfigParseOptions.defaults().setOriginDescription("my.conf"))
                        .withFallback(ProxyConfigTest.CREDENTIALS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            token.max-uses = 0                   | token.max-uses = 0 (my.conf: 1): must be 1 to 1000
            token.max-uses = 1001                | token.max-uses = 1001 (my.conf: 1): must be 1 to 1000
            token.max-uses = -1                  | token.max-uses = -1 (my.conf: 1): must be 1 to 1000
            token.max-uses = 99999999999         | token.max-uses = 99999999999 (my.conf: 1): must be 1 to 1000
            token.max-uses = 3.7                 | token.max-uses = 3.7 (my.conf: 1): must be a whole number, 1 to 1000
            token.max-uses = many                | token.max-uses = many (my.conf: 1): must be a whole number, 1 to 1000
            token.max-uses = ""                  | token.max-uses (my.conf: 1): must be a whole number, 1 to 1000
            token.max-uses = null                | token.max-uses = null (my.conf: 1): must have a value
            token.max-uses = [3]                 | token.max-uses (my.conf: 1): must be one value, not a list
            token.max-uses { a = 3 }             | token.max-uses (my.conf: 1): must be one value, not a section
            server.port = 65536                  | server.port = 65536 (my.conf: 1): must be 0 to 65535
            server.workers = some                | server.workers = some (my.conf: 1): must be auto, or a whole number, 1 to 256
            server.workers = 0                   | server.workers = 0 (my.conf: 1): must be auto, or 1 to 256
            server.bind = " "                    | server.bind =   (my.conf: 1): must not be empty
            server.transport = kqueue            | server.transport = kqueue (my.conf: 1): must be auto, io_uring, epoll or nio
            upstream.rewrite-location = perhaps  | upstream.rewrite-location = perhaps (my.conf: 1): must be on or off
            upstream.add-via = 1.1               | upstream.add-via = 1.1 (my.conf: 1): must be on or off
            upstream.add-forwarded = on          | upstream.add-forwarded = on (my.conf: 1): must be off, forwarded or x-forwarded
            limits.max-connections-per-source = 0 | limits.max-connections-per-source = 0 (my.conf: 1): must be 1 to 1000000
            token.rejection.never = "/a"         | token.rejection.never = /a (my.conf: 1): must be a list, such as ["a", "b"]
            upstream.no-proxy = "a,b"            | upstream.no-proxy = a,b (my.conf: 1): must be a list, such as ["a", "b"]
            token.rejection.never = ["/a", api]  | token.rejection.never (my.conf: 1): must hold paths that begin with /, which api does not
            token.rejection.never = ["/a?b"]     | token.rejection.never (my.conf: 1): must hold paths without a query, which /a?b has
            token.use-scope = call               | token.use-scope = call (my.conf: 1): must be token or service
            token.learn-uses = on                | token.learn-uses = on (my.conf: 1): must be off, observe or adapt
            token.services = ["/a"]              | token.services (my.conf: 1): must be a section, { ... }
            token.services.ocr = "/a"            | token.services.ocr = /a (my.conf: 1): must be a list, such as ["a", "b"]
            token.services.mine = [a]            | token.services.mine (my.conf: 1): must hold paths that begin with /, which a does not
            token.services.mine = ["/api/v1//ocr"] | token.services.ocr (the default): must hold no path that mine holds too, such as /api/v1/ocr/; [] takes a service away
            limits = 5                           | limits = 5 (my.conf: 1): must be a section, { ... }
            """)
    void a_value_of_the_wrong_kind_is_told_with_what_would_be_right(String line, String problem) {
        assertThat(problemsOf("valify-proxy." + line)).containsExactly("valify-proxy." + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            5                                                       | = 5 (my.conf: 1): must be a list, [ ... ]
            { status = 403 }                                        | (my.conf: 1): must be a list, [ ... ]
            [403]                                                   | [0] = 403 (my.conf: 1): must be a section, { ... }
            [{}]                                                    | [0] (my.conf: 1): must hold the status, or a list of them, with which an answer is a refusal, such as status = 403
            [{ body-contains = a }]                                 | [0] (my.conf: 1): must hold the status, or a list of them, with which an answer is a refusal, such as status = 403
            [{ status = 403 }]                                      | [0] (my.conf: 1): must hold either body-contains or www-authenticate-error
            [{ status = 403, body-contains = a, www-authenticate-error = b }] | [0] (my.conf: 1): must hold either body-contains or www-authenticate-error
            [{ status = 403, body-contains = a }, { status = 200, body-contains = a }] | [1].status = 200 (my.conf: 1): must be 400 to 499
            [{ status = 399, body-contains = a }]                   | [0].status = 399 (my.conf: 1): must be 400 to 499
            [{ status = 500, body-contains = a }]                   | [0].status = 500 (my.conf: 1): must be 400 to 499
            [{ status = [401, forbidden], body-contains = x }]      | [0].status[1] = forbidden (my.conf: 1): must be a whole number, 400 to 499
            [{ status = [], body-contains = a }]                    | [0].status (my.conf: 1): must hold a status, such as 403
            [{ status = null, body-contains = a }]                  | [0].status = null (my.conf: 1): must have a value
            [{ status = 403, body-contains = "" }]                  | [0].body-contains (my.conf: 1): must not be empty
            [{ status = 403, body-contains = [a] }]                 | [0].body-contains (my.conf: 1): must be one value, not a list
            [{ status = 403, www-authenticate-error = "a\\"b" }]     | [0].www-authenticate-error = a"b (my.conf: 1): must be an error code, such as invalid_token
            [{ status = 403, www-authenticate-error = "" }]         | [0].www-authenticate-error (my.conf: 1): must be an error code, such as invalid_token
            [{ status = 403, body = a, body-contains = a }]         | [0].body (my.conf: 1): unknown key; must be one of body-contains, status, www-authenticate-error
            [{ status = 401, body-contains = "Bundle key" }]        | [0].body-contains = Bundle key (my.conf: 1): must not be found in the 401 for a wrong bundle key, which is never the token's fault
            [{ status = [403, 401], body-contains = Unauthorized }] | [0].body-contains = Unauthorized (my.conf: 1): must not be found in the 401 for a wrong bundle key, which is never the token's fault
            """)
    void a_rule_of_rejection_that_cannot_be_right_is_told_by_its_place(String rules, String problem) {
        assertThat(problemsOf("valify-proxy.token.rejection.rules = " + rules))
                .containsExactly("valify-proxy.token.rejection.rules" + (problem.startsWith("[") ? "" : " ") + problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{ status = 400, body-contains = \" – \" }, { status = [499], www-authenticate-error = \"a b\" }]",
                "[{ status = 403, body-contains = Unauthorized }]"
            })
    void any_other_rule_is_taken(String rules) {
        assertThat(ProxyConfigTest.with("valify-proxy.token.rejection.rules = " + rules))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            timeouts.connect = 10             | needs a unit, such as 10 s or 10 ms
            timeouts.connect = 0.5            | needs a unit, such as 10 s or 10 ms
            timeouts.connect = 0              | needs a unit, such as 10 s or 10 ms
            timeouts.connect = 1.5 s          | must be a duration, a whole number with a unit, such as 10 s or 10 ms
            timeouts.connect = soon           | must be a duration, a whole number with a unit, such as 10 s or 10 ms
            timeouts.connect = -1 s           | must be a duration, a whole number with a unit, such as 10 s or 10 ms
            timeouts.connect = 3 parsecs      | has an unknown unit: must be such as 10 s or 10 ms
            timeouts.connect = 9 ms           | must be 10 ms to 10 m
            timeouts.connect = 11 m           | must be 10 ms to 10 m
            timeouts.connect = 99999999999999999999 d | must be 10 ms to 10 m
            token.expiry-margin = 10 m        | must be 0 s to 9 m
            timeouts.total = 2 d              | must be 10 ms to 1 d
            timeouts.client-write = 9 ms      | must be 10 ms to 1 h
            limits.min-upload-rate = 100      | needs a unit, such as 10 KiB or 10 MiB
            limits.min-upload-rate = 2 MiB    | must be 0 B to 1 MiB
            limits.max-head = 32768           | needs a unit, such as 10 KiB or 10 MiB
            limits.max-head = 1.5 KiB         | must be a size, a whole number with a unit, such as 10 KiB or 10 MiB
            limits.max-head = 5 apples        | has an unknown unit: must be such as 10 KiB or 10 MiB
            limits.max-head = 63 B            | must be 64 B to 1 MiB
            limits.max-head = 99999999 YiB    | must be 64 B to 1 MiB
            """)
    void a_duration_or_size_without_its_unit_a_fraction_and_nonsense_are_refused(String line, String right) {
        assertThat(problemsOf("valify-proxy." + line))
                .containsExactly("valify-proxy." + line + " (my.conf: 1): " + right);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10 ms", "10ms", "10 m", "10000000 ns", "10 seconds", "1 minute"})
    void a_duration_at_its_bound_and_in_any_of_the_formats_spellings_is_taken(String duration) {
        assertThat(ProxyConfigTest.with("valify-proxy.timeouts.connect = " + duration))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            valifystage.com                | valifystage.com | must be an absolute http or https URL, such as https://valifystage.com
            localhost:8080                 | localhost:8080 | must be an absolute http or https URL, such as https://valifystage.com
            ftp://valifystage.com          | ftp://valifystage.com | must be an absolute http or https URL, such as https://valifystage.com
            https://valify stage.com       | https://valify stage.com | is no URL: must be an absolute http or https URL, such as https://valifystage.com
            https://                       | https:// | is no URL: must be an absolute http or https URL, such as https://valifystage.com
            https:///api                   | https:///api | must name a host, such as https://valifystage.com
            https://my_host                | https://my_host | must name a host, such as https://valifystage.com
            https://valifystage.com:0      | https://valifystage.com:0 | must have a port of 1 to 65535, or none
            https://valifystage.com:65536  | https://valifystage.com:65536 | must have a port of 1 to 65535, or none
            https://valifystage.com/api    | https://valifystage.com/api | must end behind the host: each call brings its whole path, such as /api/v1.5/ocr/, which is put behind this URL
            https://valifystage.com//      | https://valifystage.com// | must end behind the host: each call brings its whole path, such as /api/v1.5/ocr/, which is put behind this URL
            https://valifystage.com?key=k1 | https://valifystage.com?*** | must not have a query (the part behind ?): each call brings its own
            https://valifystage.com/#x     | https://valifystage.com/#x | must not have a fragment (the part behind #)
            https://ann:pw1@valify.example | https://***@valify.example | must not hold a user name or password: credentials have keys of their own, token.username and token.password
            https://ann:pw1@my_host        | https://***@my_host | must not hold a user name or password: credentials have keys of their own, token.username and token.password
            https://ann:p?1@valify.example | https://***@valify.example | must name a host, such as https://valifystage.com
            https://ann:p w1@valify        | https://***@valify | is no URL: must be an absolute http or https URL, such as https://valifystage.com
            """)
    void a_base_url_that_is_more_or_less_than_an_origin_is_told_why(String url, String shown, String right) {
        assertThat(problemsOf("valify-proxy.upstream.base-url = \"" + url + "\""))
                .containsExactly("valify-proxy.upstream.base-url = " + shown + " (my.conf: 1): " + right);
    }

    @Test
    void a_token_url_must_be_absolute_and_without_fragment() {
        assertThat(problemsOf("valify-proxy.token.url = /api/o/token/"))
                .containsExactly("valify-proxy.token.url = /api/o/token/ (my.conf: 1):"
                        + " must be an absolute http or https URL, such as https://valifystage.com");
        assertThat(problemsOf("valify-proxy.token.url = \"https://a.example/token#now\""))
                .containsExactly("valify-proxy.token.url = https://a.example/token#now (my.conf: 1):"
                        + " must not have a fragment (the part behind #)");
    }

    @Test
    void a_port_that_kubernetes_injected_is_told_for_what_it_is() {
        assertThat(problemsOf("valify-proxy.server.port = \"tcp://10.96.0.7:80\""))
                .containsExactly("valify-proxy.server.port = tcp://10.96.0.7:80 (my.conf: 1): must be 0 to 65535;"
                        + " Kubernetes injects such a value for a Service of that name:"
                        + " rename the Service, or set enableServiceLinks: false on the pod");
    }

    @Test
    void what_is_not_built_yet_is_refused() {
        assertThat(problemsOf("""
                valify-proxy.client-auth.token-endpoint = enforce
                valify-proxy.upstream.ca-file = /etc/ca.pem"""))
                .containsExactly(
                        "valify-proxy.upstream.ca-file = /etc/ca.pem (my.conf: 2): is read by the program only: must be null,"
                                + " with its text as ca-certificates",
                        "valify-proxy.client-auth.token-endpoint = enforce (my.conf: 1): is not supported yet: must be stub or off");
    }

    @Test
    void settings_that_do_not_go_together_are_told() {
        assertThat(problemsOf("""
                valify-proxy.limits.max-replay-memory = 11 MiB
                valify-proxy.limits.max-replay-body = 12 MiB
                valify-proxy.token.default-lifetime = 25 h"""))
                .containsExactly(
                        "valify-proxy.token.default-lifetime = 25 h (my.conf: 3): must be at most token.max-lifetime",
                        "valify-proxy.limits.max-replay-body = 12 MiB (my.conf: 2): must be at most limits.max-replay-memory");
    }

    @Test
    void a_setting_is_not_blamed_for_the_fault_of_another() {
        assertThat(problemsOf("valify-proxy.limits.max-replay-memory = much")).hasSize(1);
        assertThat(problemsOf("valify-proxy.token.max-lifetime = 5")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            token.max-use = 3           | token.max-use (my.conf: 1): unknown key; did you mean valify-proxy.token.max-uses?
            tokn.max-uses = 3           | tokn (my.conf: 1): unknown key; did you mean valify-proxy.token?
            limits.max-uses = 3         | limits.max-uses (my.conf: 1): unknown key; did you mean valify-proxy.token.max-uses?
            timeouts.idle = 3 s         | timeouts.idle (my.conf: 1): unknown key
            token.pasword = hunter2     | token.pasword (my.conf: 1): unknown key; did you mean valify-proxy.token.password?
            "token.url" = x             | "token.url" (my.conf: 1): unknown key; did you mean valify-proxy.token.url?
            token.rejection.allways = 1 | token.rejection.allways (my.conf: 1): unknown key
            """)
    void an_unknown_key_is_told_with_the_nearest_known_one_and_without_its_value(String line, String problem) {
        assertThat(problemsOf("valify-proxy." + line)).containsExactly("valify-proxy." + problem);
    }

    @Test
    void missing_credentials_are_told_one_by_one_with_the_variable_to_set() {
        assertThat(problemsOf(ConfigFactory.empty()))
                .containsExactly(
                        "valify-proxy.token.username is missing: " + HOW_TO_SET.formatted("VALIFY_USERNAME"),
                        "valify-proxy.token.password is missing: " + HOW_TO_SET.formatted("VALIFY_PASSWORD"),
                        "valify-proxy.token.client-id is missing: " + HOW_TO_SET.formatted("VALIFY_CLIENT_ID"),
                        "valify-proxy.token.client-secret is missing: " + HOW_TO_SET.formatted("VALIFY_CLIENT_SECRET"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ""                | must not be empty
            "hunter2\\n"      | must not hold control characters, such as a line break
            "hunter2\\u0085"  | must not hold control characters, such as a line break
            "hun\\tter2"      | must not hold control characters, such as a line break
            [hunter2]         | must be one value, not a list
            { value=hunter2 } | must be one value, not a section
            """)
    void a_credential_that_cannot_be_right_is_told_without_its_value(String value, String right) {
        assertThat(problemsOf("valify-proxy.token.password = " + value))
                .containsExactly("valify-proxy.token.password (my.conf: 1): " + right);
    }

    @Test
    void text_that_holds_no_certificate_is_told_without_the_text() {
        assertThat(problemsOf("valify-proxy.upstream.ca-certificates = \"hunter2\""))
                .containsExactly("valify-proxy.upstream.ca-certificates (my.conf: 1):"
                        + " must hold certificates in PEM form (-----BEGIN CERTIFICATE-----)");
    }

    @Test
    void a_value_is_shown_on_one_line_and_not_at_any_length() {
        assertThat(problemsOf("valify-proxy.server.transport = \"a\\nb" + "c".repeat(200) + "\""))
                .containsExactly("valify-proxy.server.transport = a?b" + "c".repeat(97)
                        + "... (my.conf: 1): must be auto, io_uring, epoll or nio");
    }

    @Test
    void all_problems_come_at_once() {
        List<String> problems = problemsOf(ConfigFactory.parseString("""
                valify-proxy {
                  server.port = none
                  upstream.base-url = nowhere
                  token.max-uses = 0
                  limits.max-head = 1
                  colour = red
                }"""));

        assertThat(problems).hasSize(5 + 4);
        assertThat(new InvalidConfigException(problems)).hasMessage(String.join(System.lineSeparator(), problems));
    }
}
