package dev.valifyproxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other decoders let pass: requests at which another parser could see something else. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RequestDecoderTest {

    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    private final EmbeddedChannel channel = new EmbeddedChannel(new RequestDecoder(Bounds.DEFAULT));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void arrives(String bytes) {
        ByteBuf buffer = Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1);
        channel.writeInbound(buffer);
    }

    private List<String> decoded() {
        List<String> targets = new ArrayList<>();
        for (HttpObject part = channel.readInbound(); part != null; part = channel.readInbound()) {
            if (part.decoderResult().isFailure()) {
                targets.add("refused");
            } else if (part instanceof HttpRequest head) {
                targets.add(head.uri());
            }
            ReferenceCountUtil.release(part);
        }
        return targets;
    }

    @Test
    void a_request_without_a_length_has_no_body_whatever_its_other_fields_say() {
        arrives("GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n" + NEXT);
        assertThat(decoded()).containsExactly("/", "/next");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " GET / HTTP/1.1",
                "GET\f / HTTP/1.1",
                "GET /\f HTTP/1.1",
                "GET /\u000b HTTP/1.1",
                "GET /\r HTTP/1.1",
                "GET / \fHTTP/1.1"
            })
    void white_space_in_a_request_line_is_one_space_between_two_words(String line) {
        arrives(line + "\r\nHost: a\r\n\r\n");
        assertThat(decoded()).containsExactly("refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-A: 1\r\n Host: b",
                "X-A: 1\r\n\tHost: b",
                "X-A: 1\r\n ",
                "Transfer-Encoding:\r\n chunked",
                "Content-Length: 0\r\n 5"
            })
    void a_line_that_continues_another_is_refused_however_it_arrives(String fields) {
        String request = "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n";
        for (int cut = 1; cut < request.length(); cut++) {
            EmbeddedChannel cutAt = new EmbeddedChannel(new RequestDecoder(Bounds.DEFAULT));
            cutAt.writeInbound(Unpooled.copiedBuffer(request.substring(0, cut), StandardCharsets.ISO_8859_1));
            cutAt.writeInbound(Unpooled.copiedBuffer(request.substring(cut), StandardCharsets.ISO_8859_1));
            HttpObject head = cutAt.readInbound();
            assertThat(head.decoderResult().isFailure()).as("cut at %d", cut).isTrue();
            cutAt.finishAndReleaseAll();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-T: 1\r\n Host: b",
                " X-T: 1",
                "Content-Length: 1\r",
                "Trailer: \u0000",
                "Transfer-Encoding: \u000b"
            })
    void a_malformed_line_of_trailers_is_refused_be_it_one_that_is_dropped(String trailers) {
        arrives("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        arrives("1 ;a\r\n \r\n0\r\n");
        arrives(trailers + "\r\n\r\n");
        assertThat(decoded()).containsExactly("/", "refused");
    }

    @Test
    void a_body_may_look_like_folded_lines() {
        arrives("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n \r\n \r\n");
        arrives("POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n \r\n\r\n0\r\n\r\n" + NEXT);
        assertThat(decoded()).containsExactly("/1", "/2", "/next");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
    void several_lengths_are_refused_in_any_version(String version) {
        arrives("POST / " + version + "\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 31\r\n\r\n" + NEXT);
        assertThat(decoded()).containsExactly("refused");
    }
}
