package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.Provenance;
import dev.valifyproxy.exchange.Provenance.Forwarded;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream.Received;
import java.io.IOException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What a call tells of its way here, over real sockets. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForwardedFieldsTest {

    private static Fixture telling(Provenance provenance) throws IOException {
        return new Fixture(config -> config.provenance = provenance);
    }

    @Test
    void by_default_nothing_is_told_and_what_the_client_tells_passes() throws IOException {
        try (Fixture fixture = telling(null)) {
            Response answer = fixture.call("GET / HTTP/1.1\r\nHost: p\r\nX-Forwarded-For: 10.0.0.1\r\n"
                    + "X-Forwarded-Proto: https\r\nForwarded: for=x\r\nVia: 1.0 fred\r\n\r\n");

            Received received = fixture.upstream.requests().get(0);
            assertThat(received.field("X-Forwarded-For")).containsExactly("10.0.0.1");
            assertThat(received.field("X-Forwarded-Proto")).containsExactly("https");
            assertThat(received.field("X-Forwarded-Host")).isEmpty();
            assertThat(received.field("Forwarded")).containsExactly("for=x");
            assertThat(received.field("Via")).containsExactly("1.0 fred");
            assertThat(answer.field("Via")).isEmpty();
        }
    }

    @Test
    void via_is_on_requests_and_on_all_their_answers() throws IOException {
        try (Fixture fixture = telling(new Provenance(true, Forwarded.OFF));
                RawClient client = fixture.client()) {
            fixture.upstream.script(connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                connection.send("HTTP/1.1 200 OK\r\nVia: 1.1 upstream.example\r\nContent-Length: 0\r\n\r\n");
            });
            client.send("GET / HTTP/1.1\r\nHost: p\r\n\r\n");

            assertThat(client.readHeadOnly().field("Via")).containsExactly("1.1 valify-proxy");
            assertThat(client.read().field("Via")).containsExactly("1.1 upstream.example, 1.1 valify-proxy");
            assertThat(fixture.upstream.requests().get(0).field("Via")).containsExactly("1.1 valify-proxy");
        }
    }

    @Test
    void a_client_of_http_1_0_is_told_of_as_such() throws IOException {
        try (Fixture fixture = telling(new Provenance(true, Forwarded.FORWARDED))) {
            fixture.call("GET / HTTP/1.0\r\n\r\n");

            Received received = fixture.upstream.requests().get(0);
            assertThat(received.field("Via")).containsExactly("1.0 valify-proxy");
            assertThat(received.field("Forwarded")).containsExactly("for=127.0.0.1;proto=http");
        }
    }

    @Test
    void the_host_told_is_the_one_the_client_meant_and_each_call_of_a_connection_tells_its_own() throws IOException {
        try (Fixture fixture = telling(new Provenance(false, Forwarded.FORWARDED));
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a.example:81\r\n\r\n").read();
            client.send("GET http://b.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n")
                    .read();

            assertThat(fixture.upstream.requests())
                    .extracting(request -> request.field("Forwarded").get(0))
                    .containsExactly(
                            "for=127.0.0.1;host=\"a.example:81\";proto=http",
                            "for=127.0.0.1;host=\"b.example\";proto=http");
        }
    }

    @Test
    void a_client_can_name_away_its_own_word_but_not_ours() throws IOException {
        try (Fixture fixture = telling(new Provenance(true, Forwarded.X_FORWARDED))) {
            fixture.call("GET / HTTP/1.1\r\nHost: p\r\nConnection: X-Forwarded-For, Via\r\n"
                    + "X-Forwarded-For: 10.0.0.1\r\nVia: 1.0 fred\r\n\r\n");

            Received received = fixture.upstream.requests().get(0);
            assertThat(received.field("X-Forwarded-For")).containsExactly("127.0.0.1");
            assertThat(received.field("X-Forwarded-Host")).containsExactly("p");
            assertThat(received.field("Via")).containsExactly("1.1 valify-proxy");
        }
    }
}
