package dev.valifyproxy.injection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.CountingSource;
import dev.valifyproxy.token.LearnUses;
import dev.valifyproxy.token.PoolListener;
import dev.valifyproxy.token.PoolSettings;
import dev.valifyproxy.token.PoolSettings.MintBounds;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.token.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of answers while they pass, as bytes through the real codec. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class UsesObserverTest {

    private static final String BODY = "{\"result\":{\"n\":\"منى\"},\"transaction_id\":\"t\",\"trials_remaining\":2}";

    private final VirtualTime time = new VirtualTime();
    private final TokenPool pool = new TokenPool(
            new PoolSettings(
                    1_000,
                    1,
                    LearnUses.OBSERVE,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(10),
                    1,
                    new MintBounds(1, 10_000, MintBounds.UNLIMITED),
                    16,
                    false,
                    false),
            new CountingSource(),
            time,
            time,
            InstantSource.system(),
            new Random(1),
            PoolListener.NONE);

    /** What was told, with the lease it was told to and the lease's state then. */
    private final List<String> told = new ArrayList<>();

    private final EmbeddedChannel channel = new EmbeddedChannel(
            new HttpClientCodec(),
            new TokenInjectionHandler(
                    pool,
                    new RejectionRules(new RejectionSettings(List.of(), List.of())),
                    new UseScopes(new UseScopeSettings(List.of())),
                    new UsesObserver((lease, remaining) -> told.add(lease + " " + remaining))));

    UsesObserverTest() {
        pool.start();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void call(String method) {
        channel.writeOutbound(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), "/"),
                LastHttpContent.EMPTY_LAST_CONTENT);
        channel.runPendingTasks();
        channel.releaseOutbound();
    }

    private void arrives(byte[] bytes, int from, int to) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
    }

    /** Everything of the body that has come out behind the handler. */
    private byte[] passed() {
        ByteBuf all = Unpooled.buffer();
        for (Object msg = channel.readInbound(); msg != null; msg = channel.readInbound()) {
            if (msg instanceof HttpContent content) {
                all.writeBytes(content.content());
            }
            ReferenceCountUtil.release(msg);
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String answer(String status, String fields, String body) {
        return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + bytes(body).length + "\r\n\r\n" + body;
    }

    private void answered(String answer) {
        call("POST");
        byte[] bytes = bytes(answer);
        arrives(bytes, 0, bytes.length);
    }

    private static final String JSON = "Content-Type: application/json\r\n";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # STATUS                  | FIELDS                                                            | TOLD
            200 OK                    | Content-Type: application/json                                    | yes
            201 Created               | Content-Type: application/json                                    | yes
            422 Unprocessable Content | Content-Type: application/json                                    | yes
            200 OK                    | Content-Type: Application/JSON ; charset=utf-8                    | yes
            200 OK                    | Content-Type: application/json, Content-Encoding: identity        | yes
            200 OK                    | Content-Type: application/json, Content-Encoding: gzip            | no
            200 OK                    | Content-Type: text/html                                           | no
            200 OK                    | Content-Type: application/problem+json                            | no
            200 OK                    | Server: nginx                                                     | no
            302 Found                 | Content-Type: application/json                                    | no
            400 Bad Request           | Content-Type: application/json                                    | no
            401 Unauthorized          | Content-Type: application/json                                    | no
            403 Forbidden             | Content-Type: application/json                                    | no
            404 Not Found             | Content-Type: application/json                                    | no
            500 Internal Server Error | Content-Type: application/json                                    | no
            """)
    void only_accepted_plain_json_is_looked_at(String status, String fields, String verdict) {
        answered(answer(status, fields.replace(", ", "\r\n") + "\r\n", BODY));
        if (verdict.equals("yes")) {
            assertThat(told).containsExactly("TokenLease[ACCEPTED] 2");
        } else {
            assertThat(told).isEmpty();
        }
        assertThat(passed()).isEqualTo(bytes(BODY));
    }

    @Test
    void wherever_an_answer_is_cut_its_bytes_pass_at_once_and_it_is_told_once() {
        byte[] answer = bytes(answer("200 OK", JSON, BODY));
        int head = answer.length - bytes(BODY).length;
        for (int cut = 1; cut < answer.length; cut++) {
            told.clear();
            call("POST");
            arrives(answer, 0, cut);
            int before = passed().length;
            assertThat(before).isEqualTo(Math.max(0, cut - head));
            assertThat(told).isEmpty();
            arrives(answer, cut, answer.length);
            assertThat(before + passed().length).isEqualTo(bytes(BODY).length);
            assertThat(told).containsExactly("TokenLease[ACCEPTED] 2");
        }
    }

    @Test
    void a_chunked_answer_is_told_whatever_its_chunks() {
        byte[] body = bytes(BODY);
        for (int size = 1; size <= body.length; size++) {
            told.clear();
            call("POST");
            byte[] head = bytes("HTTP/1.1 200 OK\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n");
            arrives(head, 0, head.length);
            for (int from = 0; from < body.length; from += size) {
                int length = Math.min(size, body.length - from);
                channel.writeInbound(Unpooled.wrappedBuffer(
                        bytes(Integer.toHexString(length) + "\r\n"),
                        Unpooled.copiedBuffer(body, from, length).array(),
                        bytes("\r\n")));
            }
            arrives(bytes("0\r\n\r\n"), 0, 5);
            assertThat(passed()).isEqualTo(body);
            assertThat(told).containsExactly("TokenLease[ACCEPTED] 2");
        }
    }

    private static String padded(int length) {
        return " ".repeat(length - bytes(BODY).length) + BODY;
    }

    @ParameterizedTest
    @CsvSource({"4096,1", "4097,0"})
    void of_a_longer_body_nothing_is_told(int length, int times) {
        String body = padded(length);
        answered(answer("200 OK", JSON, body));
        assertThat(passed()).isEqualTo(bytes(body));
        assertThat(told).hasSize(times);
        answered("HTTP/1.1 200 OK\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(length - 1_000) + "\r\n" + body.substring(0, length - 1_000) + "\r\n"
                + Integer.toHexString(1_000) + "\r\n" + body.substring(length - 1_000) + "\r\n0\r\n\r\n");
        assertThat(told).hasSize(2 * times);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"verified\":true}", "{\"trials_remaining\":", ""})
    void an_answer_that_does_not_tell_is_forgotten(String body) {
        answered(answer("200 OK", JSON, body));
        assertThat(told).isEmpty();
        answered(answer("200 OK", JSON, BODY));
        assertThat(told).hasSize(1);
    }

    @Test
    void an_answer_to_head_tells_nothing() {
        call("HEAD");
        byte[] head = bytes("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 50\r\n\r\n");
        arrives(head, 0, head.length);
        assertThat(told).isEmpty();
    }

    @Test
    void an_interim_answer_is_none() {
        answered("HTTP/1.1 103 Early Hints\r\n" + JSON + "\r\n" + answer("200 OK", JSON, BODY));
        assertThat(told).hasSize(1);
    }

    @Test
    void of_an_answer_that_breaks_off_nothing_is_told() {
        call("POST");
        byte[] answer = bytes(answer("200 OK", JSON, BODY + " "));
        arrives(answer, 0, answer.length - 1);
        channel.close();
        assertThat(told).isEmpty();
    }

    @Test
    void the_head_comes_out_before_the_body_is_there() {
        call("POST");
        byte[] answer = bytes(answer("200 OK", JSON + "hmac: 0a1b\r\n", BODY));
        arrives(answer, 0, answer.length - bytes(BODY).length);
        HttpResponse head = channel.readInbound();
        assertThat(head.headers().get("hmac")).isEqualTo("0a1b");
    }
}
