package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintOutcome.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls for which no token is ready. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenWaitTest {

    private static final String POST = "POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\nhello";

    @Test
    void a_call_waits_for_its_token_and_its_body_goes_out_behind_its_head() throws IOException {
        CompletableFuture<MintOutcome> mint = new CompletableFuture<>();
        try (Fixture fixture = new Fixture(config -> {}, source -> source.answer(() -> mint));
                RawClient client = fixture.client()) {
            client.send(POST);
            Fixture.await("the call waits", () -> fixture.pool().waiters() == 1);
            assertThat(fixture.proxy.readiness().ready()).isFalse();

            fixture.source.answer(fixture.source::token);
            fixture.source.token().thenAccept(mint::complete);

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(fixture.upstream.requests().get(0).text()).isEqualTo("hello");
            assertThat(fixture.ended(0).tokenWaitNanos()).isPositive();
            assertThat(fixture.proxy.readiness().ready()).isTrue();
        }
    }

    @Test
    void a_call_that_waits_too_long_is_503_and_was_not_performed() throws IOException {
        try (Fixture fixture = new Fixture(
                config -> config.acquire = Duration.ofMillis(200), source -> source.fail(Kind.UNREACHABLE))) {
            Response response = fixture.call(POST);

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.text())
                    .contains("\"proxy_error\":\"token_unavailable\"")
                    .contains("\"performed\":\"no\"");
            assertThat(response.field("Retry-After")).containsExactly("1");
            assertThat(fixture.upstream.requests()).isEmpty();
        }
    }

    @Test
    void with_refused_credentials_calls_are_502_at_once_and_the_proxy_is_not_ready() throws IOException {
        try (Fixture fixture = new Fixture(config -> {}, source -> source.fail(Kind.CREDENTIALS_REFUSED))) {
            Response response = fixture.call(POST);

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.text()).contains("\"proxy_error\":\"credentials_rejected\"");
            assertThat(response.field("Proxy-Status")).containsExactly("valify-proxy; error=proxy_configuration_error");
            assertThat(fixture.proxy.readiness().ready()).isFalse();
        }
    }

    @Test
    void past_the_places_in_line_calls_are_503_at_once() throws IOException {
        try (Fixture fixture =
                        new Fixture(config -> config.maxWaiters = 1, source -> source.answer(CompletableFuture::new));
                RawClient first = fixture.client()) {
            first.send(POST);
            Fixture.await("the first waits", () -> fixture.pool().waiters() == 1);

            assertThat(fixture.call(POST).text()).contains("\"proxy_error\":\"overloaded\"");
        }
    }

    @Test
    void a_client_that_leaves_while_it_waits_has_sent_nothing() throws IOException {
        CompletableFuture<MintOutcome> mint = new CompletableFuture<>();
        try (Fixture fixture = new Fixture(config -> {}, source -> source.answer(() -> mint))) {
            try (RawClient client = fixture.client()) {
                client.send(POST);
                Fixture.await("the call waits", () -> fixture.pool().waiters() == 1);
            }
            assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.ABANDONED);

            fixture.source.answer(fixture.source::token);
            fixture.source.token().thenAccept(mint::complete);
            Fixture.await("the token is ready", () -> fixture.pool().readyUses() >= 3);
            assertThat(fixture.pool().usesTaken()).isZero();
            assertThat(fixture.upstream.requests()).isEmpty();

            // Its connection is as good as before, and serves the next.
            assertThat(fixture.connections().idle()).isEqualTo(1);
            assertThat(fixture.call(POST).status()).isEqualTo(200);
            assertThat(fixture.upstream.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {POST, "GET /x HTTP/1.1\r\nHost: p\r\n\r\n"})
    void a_call_whose_fresh_connection_ends_while_it_waits_goes_out_on_another(String request) throws Exception {
        CompletableFuture<MintOutcome> mint = new CompletableFuture<>();
        CountDownLatch end = new CountDownLatch(1);
        try (Fixture fixture = new Fixture(config -> {}, source -> source.answer(() -> mint));
                RawClient client = fixture.client()) {
            fixture.upstream.script(connection -> {
                if (fixture.upstream.connections() == 1) {
                    end.await();
                } else {
                    ScriptedUpstream.answering(ScriptedUpstream.OK).run(connection);
                }
            });
            client.send(request);
            Fixture.await("the call waits", () -> fixture.pool().waiters() == 1);
            end.countDown();
            Fixture.await("another is open", () -> fixture.upstream.connections() == 2);
            fixture.source.answer(fixture.source::token);
            fixture.source.token().thenAccept(mint::complete);

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(fixture.upstream.requests()).hasSize(1);
            Fixture.await("one use was taken", () -> fixture.pool().usesTaken() == 1);
        }
    }

    @Test
    void a_call_whose_connections_end_one_after_the_other_while_it_waits_is_502_and_was_not_performed()
            throws Exception {
        try (Fixture fixture = new Fixture(config -> {}, source -> source.answer(CompletableFuture::new))) {
            fixture.upstream.script(connection -> {});
            Response response = fixture.call(POST);

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.text()).contains("\"performed\":\"no\"");
            assertThat(fixture.upstream.connections()).isEqualTo(2);
            assertThat(fixture.pool().usesTaken()).isZero();
            assertThat(fixture.pool().waiters()).isZero();
        }
    }

    @Test
    void a_client_that_ends_its_side_while_it_waits_has_left() throws IOException {
        try (Fixture fixture = new Fixture(config -> {}, source -> source.answer(CompletableFuture::new));
                RawClient client = fixture.client()) {
            client.send(POST);
            Fixture.await("the call waits", () -> fixture.pool().waiters() == 1);
            client.shutOutput();

            assertThat(client.isAtEnd()).isTrue();
            assertThat(fixture.ended(0).outcome()).isEqualTo(Outcome.ABANDONED);
        }
    }
}
