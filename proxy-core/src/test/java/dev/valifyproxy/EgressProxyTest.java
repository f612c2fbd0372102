package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.http.EgressProxy.Login;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedEgressProxy;
import dev.valifyproxy.testing.ScriptedEgressProxy.Connection;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.testing.TestConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that leave the network through an HTTP proxy, byte by byte. The upstream's name is one that only that proxy can resolve. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EgressProxyTest {

    private static final String POST = "POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello";
    private static final Login LOGIN = new Login(Secret.of("bob"), Secret.of("pw6:é"));

    private final ScriptedUpstream upstream;
    private final ScriptedEgressProxy egress;
    private Fixture fixture;

    EgressProxyTest() throws IOException {
        upstream = new ScriptedUpstream(ScriptedUpstream.answering(ScriptedUpstream.OK));
        egress = new ScriptedEgressProxy();
    }

    @BeforeEach
    void start() throws IOException {
        fixture = fixture(config -> {});
    }

    private Fixture fixture(Consumer<TestConfig> change) throws IOException {
        return new Fixture(config -> {
            config.upstream = URI.create("http://valify.invalid:" + upstream.port());
            config.proxy = new EgressProxy("127.0.0.1", egress.port(), LOGIN);
            change.accept(config);
        });
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
        egress.close();
        upstream.close();
    }

    private void restart(Consumer<TestConfig> change) throws IOException {
        fixture.close();
        fixture = fixture(change);
    }

    private void assertUnreachable(String type, String reason) throws IOException {
        Response response = fixture.call(POST);
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.text())
                .contains("\"message\":\"The upstream cannot be reached: " + reason + ".\"")
                .contains("\"proxy_error\":\"upstream_unreachable\"")
                .contains("\"performed\":\"no\"");
        assertThat(response.field("Proxy-Status")).containsExactly("valify-proxy; error=" + type);
        assertThat(fixture.connections().open()).isZero();
        assertThat(fixture.pool().usesTaken()).isZero();
    }

    private void assertFailedAtEgressProxy(int times) {
        assertThat(fixture.connections().failedAtEgressProxy()).isEqualTo(times);
        assertThat(fixture.connections().failed()).isZero();
    }

    @Test
    void a_call_goes_through_a_tunnel_that_the_proxy_is_asked_for() throws IOException {
        assertThat(fixture.call(POST).text()).isEqualTo("{\"ok\":true}");

        assertThat(egress.heads())
                .containsExactly("CONNECT valify.invalid:" + upstream.port() + " HTTP/1.1\r\nhost: valify.invalid:"
                        + upstream.port() + "\r\nproxy-authorization: Basic Ym9iOnB3NjrDqQ==\r\n\r\n");
        assertThat(upstream.requests().get(0).requestLine()).isEqualTo("POST /x HTTP/1.1");
        assertThat(upstream.requests().get(0).field("Host")).containsExactly("valify.invalid:" + upstream.port());
    }

    @Test
    void the_proxys_credentials_do_not_go_through_the_tunnel() throws IOException {
        for (int i = 0; i < 3; i++) {
            fixture.call(POST);
        }

        assertThat(egress.passedOn())
                .contains("POST /x HTTP/1.1")
                .doesNotContainIgnoringCase("proxy-authorization")
                .doesNotContain("Ym9iOnB3NjrDqQ", "bob", "pw6");
    }

    @Test
    void without_credentials_none_are_sent() throws IOException {
        restart(config -> config.proxy = new EgressProxy("127.0.0.1", egress.port(), null));

        assertThat(fixture.call(POST).status()).isEqualTo(200);
        assertThat(egress.heads()).singleElement().asString().doesNotContainIgnoringCase("authorization");
    }

    @Test
    void a_tunnel_serves_one_call_after_another() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(fixture.call(POST).status()).isEqualTo(200);
        }

        assertThat(egress.heads()).hasSize(1);
        assertThat(upstream.connections()).isEqualTo(1);
        assertThat(fixture.connections().opened()).isEqualTo(1);
    }

    @Test
    void a_tunnel_that_ended_while_idle_is_replaced() throws IOException {
        upstream.script(connection -> {
            connection.readRequest();
            connection.send(ScriptedUpstream.OK);
        });
        for (int i = 0; i < 3; i++) {
            assertThat(fixture.call(POST).status()).isEqualTo(200);
            Fixture.await("the close was seen", () -> fixture.connections().open() == 0);
        }
        assertThat(egress.heads()).hasSize(3);
    }

    @Test
    void a_proxy_known_by_name_is_reached() throws IOException {
        restart(config -> config.proxy = new EgressProxy("localhost", egress.port(), null));

        assertThat(fixture.call(POST).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n",
                "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\nVia: 1.1 egress\r\n\r\n"
            })
    void any_2xx_opens_the_tunnel_whatever_its_fields_say_of_a_body(String answer) throws IOException {
        egress.script(connection -> connection.tunnel(answer));

        assertThat(fixture.call(POST).text()).isEqualTo("{\"ok\":true}");
        assertThat(fixture.call(POST).text()).isEqualTo("{\"ok\":true}");
        assertThat(egress.heads()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "407, connection_refused, the egress proxy refused the connection (407)",
        "403, connection_refused, the egress proxy refused the connection (403)",
        "302, connection_refused, the egress proxy refused the connection (302)",
        "502, connection_refused, the egress proxy could not connect to it (502)",
        "504, connection_timeout, the egress proxy could not connect to it (504)"
    })
    void a_refusal_of_the_proxys_is_told_apart_from_the_upstreams(int status, String type, String reason)
            throws IOException {
        egress.answer("HTTP/1.1 " + status + " s3cret-reason\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                + "Content-Length: 4\r\n\r\nbody");

        assertUnreachable(type, reason);
        assertFailedAtEgressProxy(1);
        assertThat(egress.heads()).hasSize(1);
    }

    @Test
    void a_proxy_that_says_nothing_has_the_time_to_connect_and_no_longer() throws IOException {
        restart(config -> config.connect = Duration.ofMillis(200));
        egress.script(Connection::readToEnd);

        assertUnreachable("connection_timeout", "the egress proxy did not answer in time");
        assertFailedAtEgressProxy(1);
    }

    @Test
    void a_proxy_that_stops_within_its_answer_has_no_longer_either() throws IOException {
        restart(config -> config.connect = Duration.ofMillis(200));
        egress.answer("HTTP/1.1 200 Conn");

        assertUnreachable("connection_timeout", "the egress proxy did not answer in time");
    }

    @Test
    void the_time_to_connect_ends_with_the_tunnel() throws IOException {
        restart(config -> config.connect = Duration.ofMillis(100));
        upstream.script(connection -> {
            connection.readRequest();
            assertThat(connection.readExactly(1)).isEmpty(); // nothing more until the client leaves
        });
        try (RawClient client = fixture.client()) {
            client.send(POST);
            Fixture.await(
                    "the call is at the upstream", () -> upstream.requests().size() == 1);
            Fixture.await("the time has passed", Fixture.elapsed(Duration.ofMillis(300)));
            assertThat(fixture.connections().open()).isEqualTo(1);
        }
    }

    @Test
    void a_proxy_that_closes_without_an_answer_is_told() throws IOException {
        egress.script(Connection::end);

        assertUnreachable("connection_refused", "the egress proxy closed the connection");
        assertFailedAtEgressProxy(1);
    }

    @Test
    void a_proxy_that_closes_within_its_answer_is_told() throws IOException {
        egress.script(connection -> {
            connection.send("HTTP/1.1 200 Conn");
            connection.end();
        });

        assertUnreachable("connection_refused", "the egress proxy closed the connection");
    }

    @Test
    void a_proxy_that_resets_is_told() throws IOException {
        egress.script(Connection::reset);

        Response response = fixture.call(POST);
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.text()).contains("egress proxy").contains("\"performed\":\"no\"");
        assertFailedAtEgressProxy(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"})
    void what_cannot_be_an_answer_opens_no_tunnel(String answer) throws IOException {
        egress.answer(answer);

        assertUnreachable("connection_refused", "what the egress proxy answered is no answer in HTTP");
        assertFailedAtEgressProxy(1);
    }

    @Test
    void a_proxy_that_refuses_connections_is_told_apart_from_an_upstream_that_does() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        restart(config -> config.proxy = new EgressProxy("127.0.0.1", port, LOGIN));

        assertUnreachable("connection_refused", "the egress proxy refused the connection");
        assertFailedAtEgressProxy(1);
    }

    @Test
    void a_proxy_whose_name_is_unknown_is_told() throws IOException {
        restart(config -> {
            config.proxy = new EgressProxy("no-such-proxy.invalid", 3128, LOGIN);
            config.connect = Duration.ofSeconds(2);
        });

        assertUnreachable("dns_error", "the egress proxy's host name could not be resolved");
        assertFailedAtEgressProxy(1);
    }

    @Test
    void a_client_that_leaves_while_the_tunnel_is_dug_leaves_nothing_behind() throws IOException {
        egress.script(Connection::readToEnd);
        try (RawClient client = fixture.client()) {
            client.send(POST);
            Fixture.await("the proxy was asked", () -> egress.heads().size() == 1);
        }
        egress.close();
        Fixture.await("the connection has ended", () -> fixture.connections().open() == 0);
        assertThat(upstream.requests()).isEmpty();
    }
}
