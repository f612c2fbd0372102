package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that answers in the middle of an upload and resets the rest of it: its answer counts, not its reset. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class EarlyAnswerTest {

    private static final String UNKNOWN_TOKEN =
            "{\"message\":\"Forbidden - specified access_token could not be found\"}";

    private final byte[] body = new byte[6 << 20];
    private Fixture fixture;

    @BeforeEach
    void start() throws IOException {
        new Random(7).nextBytes(body);
        fixture = new Fixture();
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private static String answer(String status, String text) {
        return "HTTP/1.1 " + status + "\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
    }

    private Response upload() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: " + body.length + "\r\n\r\n");
            return client.send(body).read();
        }
    }

    @Test
    void an_answer_before_a_reset_of_the_upload_is_relayed() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            connection.send(answer("422 Unprocessable Entity", "early"));
            connection.end();
        });
        for (int i = 0; i < 10; i++) {
            Response response = upload();
            assertThat(response.status()).isEqualTo(422);
            assertThat(response.text()).isEqualTo("early");
            assertThat(response.field("Connection")).containsExactly("close");
            assertThat(fixture.ended(i).outcome()).isEqualTo(Outcome.RELAYED);
        }
    }

    @Test
    void a_reset_upload_without_an_answer_is_502() throws IOException {
        fixture.upstream.script(connection -> {
            connection.readHeadOnly();
            connection.end();
        });
        Response response = upload();
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.text()).contains("upstream_reset").contains("\"performed\":\"unknown\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100_000})
    void a_refusal_before_a_reset_of_the_upload_is_retried_with_the_whole_body(int takenBefore) throws IOException {
        fixture.upstream.script(connection -> {
            if (fixture.upstream.requests().size() % 2 == 0) {
                connection.readHeadOnly();
                connection.readExactly(takenBefore);
                connection.send(answer("403 Forbidden", UNKNOWN_TOKEN));
            } else {
                connection.readRequest();
                connection.send(ScriptedUpstream.OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            }
        });
        for (int i = 0; i < 10; i++) {
            assertThat(upload().status()).isEqualTo(200);
            assertThat(fixture.upstream.requests().get(2 * i + 1).body()).isEqualTo(body);
        }
    }

    /** What is held is sent in one go: its writes cross the high-water mark from within each other. */
    @Test
    void a_chunked_body_is_whole_on_the_second_try() throws IOException {
        fixture.upstream.script(connection -> {
            boolean first = fixture.upstream.requests().isEmpty();
            connection.readRequest();
            connection.send(first ? answer("403 Forbidden", UNKNOWN_TOKEN) : ScriptedUpstream.OK);
        });
        try (RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n");
            int piece = 1 << 18;
            for (int from = 0; from < body.length; from += piece) {
                client.send(Integer.toHexString(piece) + "\r\n");
                client.send(Arrays.copyOfRange(body, from, from + piece));
                client.send("\r\n");
            }
            assertThat(client.send("0\r\n\r\n").read().status()).isEqualTo(200);
        }
        assertThat(fixture.upstream.requests().get(1).body()).isEqualTo(body);
    }
}
