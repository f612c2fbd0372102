package dev.valifyproxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other decoders let pass: answers at which another parser could see something else. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ResponseDecoderTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new ResponseDecoder(Bounds.DEFAULT));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private HttpResponse decoded(String bytes) {
        channel.writeInbound(ByteBufUtil.writeUtf8(channel.alloc(), bytes));
        HttpResponse head = channel.readInbound();
        ReferenceCountUtil.release(head);
        return head;
    }

    private void assertRefused(String bytes) {
        assertThat(decoded(bytes).decoderResult().isFailure()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-A: 1\r\n Set-Cookie: b",
                "Transfer-Encoding:\r\n\tchunked",
                "Transfer-Encoding x: chunked",
                "Transfer-Encoding\tx : chunked",
                "Content-Length 5",
                "Content-Length ",
                " Content-Length: 5"
            })
    void a_line_that_is_no_field_is_refused(String line) {
        assertRefused("HTTP/1.1 200 OK\r\n" + line + "\r\nX-B: 1\r\n\r\n");
    }

    @Test
    void space_before_a_colon_is_taken_away() {
        HttpResponse head = decoded("HTTP/1.1 200 OK\r\nContent-Length \t: 0\r\n\r\n");
        assertThat(head.decoderResult().isSuccess()).isTrue();
        assertThat(head.headers().get("content-length")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
    void several_lengths_are_refused_in_any_version(String version) {
        assertRefused(version + " 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello");
    }

    @Test
    void a_malformed_trailer_breaks_its_answer() {
        HttpObject head = decoded("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-T y: 1\r\n\r\n");
        assertThat(head.decoderResult().isSuccess()).isTrue();
        HttpObject last = channel.readInbound();
        assertThat(last.decoderResult().isFailure()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http/1.1 200 OK",
                "HTTP/1.1\t200\tOK",
                "HTTP/1.1  200 OK",
                "HTTP/1.1 +20 OK",
                "HTTP/1.1 0200 OK",
                "HTTP/1.1 304 \r ",
                "HTTP/1.1 304\f",
                "HTTP/1.1 200 O\u0000K",
                "\r\nHTTP/1.1 200 OK",
                "\nHTTP/1.1 200 OK"
            })
    void a_line_that_is_no_status_line_is_refused(String line) {
        assertRefused(line + "\r\nContent-Length: 0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1 200 Pr\u00eat \t!", "HTTP/1.0 200  OK"})
    void a_status_line_may_have_any_visible_reason_or_none(String line) {
        HttpResponse head = decoded(line + "\r\nContent-Length: 0\r\n\r\n");
        assertThat(head.decoderResult().isSuccess()).isTrue();
        assertThat(head.status().code()).isEqualTo(200);
    }
}
