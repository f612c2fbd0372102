package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.testing.BlackHole;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.Names;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedEgressProxy;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.testing.ScriptedUpstream.Script;
import dev.valifyproxy.testing.TestConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name with several addresses, and one whose addresses change: all ports are the same, as they are for a name. */
@Tag("tls")
@DisplayNameGeneration(ReplaceUnderscores.class)
class WayOutTest {

    private static final String POST = "POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello";
    private static final Script SERVE = ScriptedUpstream.answering(ScriptedUpstream.OK);

    /** A TLS alert, which says that somebody is there. */
    private static final Script ALERT = connection -> {
        connection.readExactly(5);
        connection.send(new byte[] {21, 3, 3, 0, 2, 2, 40});
        connection.readToEnd();
    };

    private final ScriptedUpstream second = new ScriptedUpstream(SERVE);
    private final Names names = new Names(address(2), address(1));

    WayOutTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        second.close();
    }

    /** One of this machine's; the first is where tests listen as a rule. */
    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private ScriptedUpstream first(Script script) throws IOException {
        return new ScriptedUpstream(script, new InetSocketAddress(address(2), second.port()));
    }

    private Fixture proxy(Consumer<TestConfig> change) throws IOException {
        return new Fixture(
                config -> {
                    config.upstream = URI.create("http://valify.test:" + second.port());
                    change.accept(config);
                },
                source -> {},
                builder -> builder.nameResolver(names));
    }

    @Test
    void an_address_that_refuses_leaves_the_call_to_the_next() throws IOException {
        try (Fixture fixture = proxy(config -> {})) {
            assertThat(fixture.call(POST).status()).isEqualTo(200);
            assertThat(fixture.connections().failed()).isZero();
        }
    }

    @Test
    void an_address_that_does_not_answer_takes_its_share_of_the_time_and_no_more() throws IOException {
        try (BlackHole hole = new BlackHole(new InetSocketAddress(address(2), second.port()));
                Fixture fixture = proxy(config -> config.connect = Duration.ofMillis(600))) {
            assertThat(hole.port()).isEqualTo(second.port());
            assertThat(fixture.call(POST).status()).isEqualTo(200);
        }
    }

    @Test
    void where_every_address_refuses_the_last_ones_reason_is_told() throws IOException {
        names.say(address(2), address(3));
        try (Fixture fixture = proxy(config -> {})) {
            Response response = fixture.call(POST);
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.field("Proxy-Status")).containsExactly("valify-proxy; error=connection_refused");
            assertThat(fixture.connections().failed()).isEqualTo(1);
            assertThat(fixture.connections().open()).isZero();
        }
    }

    private void assertHandshake(Script atFirst, int connectionsToSecond) throws IOException {
        second.script(ALERT);
        try (ScriptedUpstream first = first(atFirst);
                Fixture fixture =
                        proxy(config -> config.upstream = URI.create("https://valify.test:" + second.port()))) {
            assertThat(fixture.call(POST).field("Proxy-Status"))
                    .containsExactly("valify-proxy; error=tls_alert_received");
            assertThat(first.connections()).isEqualTo(1);
            assertThat(second.connections()).isEqualTo(connectionsToSecond);
        }
    }

    @Test
    void an_address_that_ends_the_handshake_without_a_word_leaves_the_call_to_the_next() throws IOException {
        assertHandshake(connection -> connection.readExactly(5), 1);
    }

    @Test
    void one_that_resets_it_does_too() throws IOException {
        assertHandshake(
                connection -> {
                    connection.readExactly(5);
                    connection.reset();
                },
                1);
    }

    @Test
    void one_that_refuses_it_speaks_for_all() throws IOException {
        assertHandshake(ALERT, 0);
    }

    /** An egress proxy at two addresses, of which the first does what the script says. */
    private void assertTunnel(ScriptedEgressProxy.Script atFirst, int status, int askedSecond) throws IOException {
        try (ScriptedEgressProxy good = new ScriptedEgressProxy();
                ScriptedEgressProxy bad = new ScriptedEgressProxy(new InetSocketAddress(address(2), good.port()));
                Fixture fixture = proxy(config -> config.proxy = new EgressProxy("egress.test", good.port(), null))) {
            bad.script(atFirst);
            assertThat(fixture.call(POST).status()).isEqualTo(status);
            assertThat(bad.heads()).hasSize(1);
            assertThat(good.heads()).hasSize(askedSecond);
        }
    }

    @Test
    void an_egress_proxys_address_that_refuses_leaves_the_call_to_the_next() throws IOException {
        try (ScriptedEgressProxy good = new ScriptedEgressProxy();
                Fixture fixture = proxy(config -> config.proxy = new EgressProxy("egress.test", good.port(), null))) {
            assertThat(fixture.call(POST).status()).isEqualTo(200);
            assertThat(fixture.connections().failedAtEgressProxy()).isZero();
        }
    }

    @Test
    void one_that_closes_without_an_answer_does_too() throws IOException {
        assertTunnel(ScriptedEgressProxy.Connection::end, 200, 1);
    }

    @Test
    void one_that_resets_does_too() throws IOException {
        assertTunnel(ScriptedEgressProxy.Connection::reset, 200, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 407, 502, 503, 504})
    void one_that_answers_speaks_for_all(int status) throws IOException {
        assertTunnel(
                connection -> {
                    connection.send("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
                    connection.readToEnd();
                },
                502,
                0);
    }

    @Test
    void calls_follow_the_name_within_the_age_of_a_connection_and_none_is_lost() throws Exception {
        Duration age = Duration.ofMillis(300);
        ExecutorService clients = Executors.newFixedThreadPool(4);
        AtomicBoolean over = new AtomicBoolean();
        names.say(address(2));
        try (ScriptedUpstream old = first(SERVE);
                Fixture fixture = proxy(config -> config.maxConnectionAge = age)) {
            List<Future<Integer>> lost = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                lost.add(clients.submit(() -> lost(fixture, over)));
            }
            Fixture.await("calls are on", () -> old.requests().size() > 100);
            names.say(address(1));
            Fixture.await("all connections have aged", Fixture.elapsed(age.multipliedBy(3)));
            int there = old.requests().size();
            int here = second.requests().size();
            Fixture.await("calls go on", () -> second.requests().size() > here + 100);
            assertThat(old.requests()).hasSize(there);
            over.set(true);
            for (Future<Integer> calls : lost) {
                assertThat(calls.get()).isZero();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static int lost(Fixture fixture, AtomicBoolean over) throws IOException {
        int lost = 0;
        try (RawClient client = fixture.client()) {
            while (!over.get()) {
                lost += client.send(POST).read().status() == 200 ? 0 : 1;
            }
        }
        return lost;
    }

    @Test
    void an_idle_connection_that_has_become_too_old_serves_no_call() throws IOException {
        names.say(address(1));
        try (Fixture fixture = proxy(config -> config.maxConnectionAge = Duration.ofMillis(100))) {
            assertThat(fixture.call(POST).status()).isEqualTo(200);
            Fixture.await("it has aged", Fixture.elapsed(Duration.ofMillis(150)));
            assertThat(fixture.call(POST).status()).isEqualTo(200);
            assertThat(second.connections()).isEqualTo(2);
        }
    }
}
