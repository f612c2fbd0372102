package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.exchange.ProfileMatch;
import dev.valifyproxy.exchange.ProfileMatch.Header;
import dev.valifyproxy.testing.CountingSource;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.testing.ScriptedUpstream.Received;
import dev.valifyproxy.testing.TestConfig;
import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.PoolListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** One proxy, two accounts at two upstreams. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SeveralProfilesTest {

    private static final ProfileMatch STAGE = new ProfileMatch(null, "stage.local", null);

    private final CountingSource liveSource = new CountingSource("live-");
    private final CountingSource stageSource = new CountingSource("stage-");
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private int maxConnections = 1_024;
    private ScriptedUpstream live;
    private ScriptedUpstream stage;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        live = new ScriptedUpstream(ScriptedUpstream.answering(ScriptedUpstream.OK));
        stage = new ScriptedUpstream(ScriptedUpstream.answering(ScriptedUpstream.OK));
    }

    @AfterEach
    void stop() throws IOException {
        if (proxy != null) {
            proxy.close();
        }
        live.close();
        stage.close();
    }

    private ProxyConfig config(ProfileMatch liveMatch, ProfileMatch stageMatch) {
        TestConfig config = new TestConfig(live.uri());
        config.maxUpstreamConnections = maxConnections;
        return config.build(List.of(
                config.profile(ProfileConfig.DEFAULT, liveMatch, live.uri()),
                config.profile("staging", stageMatch, stage.uri())));
    }

    private void startWith(ProfileMatch liveMatch, ProfileMatch stageMatch) {
        proxy = Proxy.builder(config(liveMatch, stageMatch))
                .tokenSource("default", liveSource)
                .tokenSource("staging", stageSource)
                .meterRegistry(registry)
                .start();
    }

    private Response call(String target, String host, String fields) throws IOException {
        try (RawClient client = new RawClient(proxy.port())) {
            return client.send(post(target, host, fields)).read();
        }
    }

    private static String post(String target, String host, String fields) {
        return "POST " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "Content-Length: 2\r\n\r\nhi";
    }

    private static List<String> seen(ScriptedUpstream upstream, String field) {
        return upstream.requests().stream()
                .map(request -> request.field(field).get(0))
                .toList();
    }

    @Test
    void each_call_of_a_connection_goes_to_its_own_upstream_with_a_token_of_its_own_account() throws IOException {
        startWith(ProfileMatch.ANY, STAGE);
        try (RawClient client = new RawClient(proxy.port())) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.send(post("/ocr/", "live.local", "")).read().status())
                        .isEqualTo(200);
                assertThat(client.send(post("/ocr/", "stage.local:81", ""))
                                .read()
                                .status())
                        .isEqualTo(200);
            }
        }

        assertThat(seen(live, "Authorization")).hasSize(4).allMatch(value -> value.startsWith("Bearer live-"));
        assertThat(seen(stage, "Authorization")).hasSize(4).allMatch(value -> value.startsWith("Bearer stage-"));
        assertThat(seen(live, "Host")).containsOnly("127.0.0.1:" + live.port());
        assertThat(seen(stage, "Host")).containsOnly("127.0.0.1:" + stage.port());
    }

    @Test
    void refused_credentials_of_one_account_leave_the_other_serving() throws IOException {
        stageSource.fail(Kind.CREDENTIALS_REFUSED);
        startWith(ProfileMatch.ANY, STAGE);

        Response refused = call("/ocr/", "stage.local", "");
        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.text()).contains("\"credentials_rejected\"");
        assertThat(call("/ocr/", "live.local", "").status()).isEqualTo(200);
        assertThat(stage.requests()).isEmpty();
        assertThat(proxy.readiness())
                .isEqualTo(new Readiness(false, "staging: the credentials are refused: the test says so"));
    }

    @Test
    void a_call_that_no_profile_matches_is_answered_404_and_goes_nowhere() throws IOException {
        startWith(new ProfileMatch(null, "live.local", null), STAGE);

        Response response = call("/ocr/", "127.0.0.1", "");

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.text())
                .isEqualTo(
                        "{\"message\":\"No profile serves this call.\",\"proxy_error\":\"not_found\",\"performed\":\"no\"}");
        assertThat(live.connections() + stage.connections()).isZero();
        assertThat(proxy.status().callsInProgress()).isZero();
    }

    @Test
    void the_token_path_is_answered_here_whatever_the_profile() throws IOException {
        startWith(new ProfileMatch(null, "live.local", null), STAGE);

        for (String host : List.of("live.local", "stage.local", "nobody.local")) {
            assertThat(call("/api/o/token/", host, "").text()).contains("\"access_token\"");
        }
        assertThat(live.connections() + stage.connections()).isZero();
    }

    @Test
    void a_path_is_matched_in_its_normal_form_and_forwarded_as_it_was_sent() throws IOException {
        startWith(ProfileMatch.ANY, new ProfileMatch("/api/v1/otp/", null, null));

        call("//api/v1/%6Ftp/./send/?a=%2F", "p", "");

        assertThat(stage.requests())
                .extracting(Received::requestLine)
                .containsExactly("POST //api/v1/%6Ftp/./send/?a=%2F HTTP/1.1");
    }

    @Test
    void the_field_that_chose_the_profile_is_forwarded() throws IOException {
        startWith(ProfileMatch.ANY, new ProfileMatch(null, null, new Header("X-Bundle", "b")));

        call("/ocr/", "p", "x-bundle: b\r\n");

        assertThat(seen(stage, "x-bundle")).containsExactly("b");
        assertThat(live.requests()).isEmpty();
    }

    @Test
    void a_second_try_takes_a_token_of_the_same_account() throws IOException {
        String unknown = "{\"message\":\"Forbidden - specified access_token could not be found\"}";
        stage.script(connection -> {
            while (true) {
                connection.readRequest();
                connection.send(
                        stage.requests().size() == 1
                                ? "HTTP/1.1 403 Forbidden\r\nContent-Length: " + unknown.length() + "\r\n\r\n" + unknown
                                : ScriptedUpstream.OK);
            }
        });
        startWith(ProfileMatch.ANY, STAGE);

        assertThat(call("/ocr/", "stage.local", "").status()).isEqualTo(200);
        assertThat(seen(stage, "Authorization"))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(value -> value.startsWith("Bearer stage-"));
        assertThat(live.requests()).isEmpty();
    }

    @Test
    void a_location_is_rewritten_by_the_upstream_that_answers() throws IOException {
        String redirect =
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: " + stage.uri() + "/next/\r\nContent-Length: 0\r\n\r\n";
        live.script(ScriptedUpstream.answering(redirect));
        stage.script(ScriptedUpstream.answering(redirect));
        startWith(ProfileMatch.ANY, STAGE);

        assertThat(call("/ocr/", "stage.local", "").field("Location")).containsExactly("/next/");
        assertThat(call("/ocr/", "p", "").field("Location")).containsExactly(stage.uri() + "/next/");
    }

    @Test
    void the_limit_of_connections_is_each_profiles_own() throws IOException {
        maxConnections = 1;
        CountDownLatch answer = new CountDownLatch(1);
        stage.script(connection -> {
            connection.readRequest();
            answer.await();
            connection.send(ScriptedUpstream.OK);
        });
        startWith(ProfileMatch.ANY, STAGE);
        try (RawClient held = new RawClient(proxy.port())) {
            held.send(post("/ocr/", "stage.local", ""));
            Fixture.await("the call is at the upstream", () -> stage.requests().size() == 1);

            assertThat(call("/ocr/", "stage.local", "").text()).contains("\"overloaded\"");
            assertThat(call("/ocr/", "p", "").status()).isEqualTo(200);
            answer.countDown();
            assertThat(held.read().status()).isEqualTo(200);
        }
    }

    @Test
    void status_and_meters_tell_the_accounts_apart() throws IOException {
        startWith(ProfileMatch.ANY, STAGE);
        call("/ocr/", "stage.local", "");

        assertThat(proxy.status().profiles())
                .extracting(profile -> profile.name() + " " + profile.pool().usesTaken() + " "
                        + profile.upstream().opened())
                .containsExactly("default 0 0", "staging 1 1");
        assertThat(opened("default")).isZero();
        assertThat(opened("staging")).isEqualTo(1);
        assertThat(registry.get("valify.proxy.token.uses")
                        .tag("profile", "staging")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    private double opened(String profile) {
        return registry.get("valify.proxy.upstream.connections.opened")
                .tag("profile", profile)
                .functionCounter()
                .count();
    }

    @Test
    void a_source_or_a_listener_for_a_profile_that_is_not_there_is_refused() {
        ProxyBuilder builder = Proxy.builder(config(ProfileMatch.ANY, STAGE));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.tokenSource("stage", stageSource))
                .withMessage("no profile stage: there are [default, staging]");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.poolListener("stage", PoolListener.NONE));
    }
}
