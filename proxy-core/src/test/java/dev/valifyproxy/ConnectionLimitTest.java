package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.ScriptedUpstream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The limit of connections counts over all event loops: two clients that come one after the other are served by two of them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionLimitTest {

    private static final String POST = "POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello";

    private static void awaitIdle(Fixture fixture, int count) {
        Fixture.await("connections are idle", () -> fixture.connections().idle() == count);
    }

    @Test
    void an_idle_connection_of_another_event_loop_gives_its_place() throws IOException {
        try (Fixture fixture = new Fixture(config -> {
                    config.workers = 2;
                    config.maxUpstreamConnections = 1;
                });
                RawClient one = fixture.client();
                RawClient other = fixture.client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(one.send(POST).read().status()).isEqualTo(200);
                awaitIdle(fixture, 1);
                assertThat(other.send(POST).read().status()).isEqualTo(200);
                awaitIdle(fixture, 1);
                assertThat(fixture.connections().open()).isEqualTo(1);
            }
            // Each took the other's: they are indeed served by two loops.
            assertThat(fixture.connections().opened()).isEqualTo(10);
        }
    }

    @Test
    void the_one_that_has_been_idle_longest_does() throws IOException {
        try (Fixture fixture = new Fixture(config -> {
                    config.workers = 2;
                    config.maxUpstreamConnections = 2;
                });
                RawClient one = fixture.client();
                RawClient other = fixture.client();
                RawClient besideOne = fixture.client()) {
            CountDownLatch answer = new CountDownLatch(2);
            fixture.upstream.script(connection -> {
                while (true) {
                    connection.readRequest();
                    answer.countDown();
                    answer.await();
                    connection.send(ScriptedUpstream.OK);
                }
            });
            one.send(POST);
            besideOne.send(POST);
            assertThat(one.read().status()).isEqualTo(200);
            assertThat(besideOne.read().status()).isEqualTo(200);
            awaitIdle(fixture, 2);

            assertThat(other.send(POST).read().status()).isEqualTo(200);
            awaitIdle(fixture, 2);
            assertThat(one.send(POST).read().status()).isEqualTo(200);
            assertThat(fixture.connections().open()).isEqualTo(2);
            assertThat(fixture.connections().opened()).isEqualTo(3);
        }
    }

    @Test
    void where_all_are_in_use_a_call_is_refused_on_every_event_loop() throws IOException {
        try (Fixture fixture = new Fixture(config -> {
                    config.workers = 2;
                    config.maxUpstreamConnections = 1;
                });
                RawClient one = fixture.client();
                RawClient other = fixture.client();
                RawClient besideOne = fixture.client()) {
            CountDownLatch answer = new CountDownLatch(1);
            fixture.upstream.script(connection -> {
                connection.readRequest();
                answer.await();
                connection.send(ScriptedUpstream.OK);
                connection.readToEnd();
            });
            one.send(POST);
            Fixture.await("the first is on", () -> fixture.upstream.requests().size() == 1);
            assertThat(other.send(POST).read().status()).isEqualTo(503);
            assertThat(besideOne.send(POST).read().status()).isEqualTo(503);

            answer.countDown();
            assertThat(one.read().status()).isEqualTo(200);
            assertThat(fixture.connections().open()).isEqualTo(1);
        }
    }
}
