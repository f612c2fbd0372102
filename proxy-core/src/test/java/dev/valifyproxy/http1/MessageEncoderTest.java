package dev.valifyproxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The bytes that messages become, and in how many pieces. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MessageEncoderTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private List<String> pieces() {
        List<String> pieces = new ArrayList<>();
        channel.flush();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            pieces.add(piece.toString(ISO_8859_1));
            piece.release();
        }
        return pieces;
    }

    private static HttpRequest post(String... fields) {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/a?b=%20c");
        for (int i = 0; i < fields.length; i += 2) {
            head.headers().add(fields[i], fields[i + 1]);
        }
        return head;
    }

    private HttpContent content(int size) {
        return new DefaultHttpContent(ByteBufUtil.writeAscii(channel.alloc(), "x".repeat(size)));
    }

    private void writes(Object message) {
        channel.write(message, channel.voidPromise());
    }

    @Test
    void a_request_without_a_body_is_one_piece() {
        channel.pipeline().addLast(new RequestEncoder());
        writes(post("Host", "a"));
        writes(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(pieces()).containsExactly("POST /a?b=%20c HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void an_end_that_somebody_waits_for_is_told_though_nothing_is_written() {
        channel.pipeline().addLast(new RequestEncoder());
        writes(post("Host", "a"));
        assertThat(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).isSuccess())
                .isTrue();
        assertThat(String.join("", pieces())).endsWith("\r\n\r\n");
    }

    @Test
    void chunks_carry_their_sizes_and_the_last_one_the_trailers() {
        channel.pipeline().addLast(new RequestEncoder());
        HttpHeaders trailers = new DefaultHttpHeaders().add("X-Sum", "1");
        writes(post("Transfer-Encoding", "chunked"));
        writes(content(17));
        writes(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, trailers));
        assertThat(pieces())
                .containsExactly("POST /a?b=%20c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n" + "x".repeat(17)
                        + "\r\n0\r\nX-Sum: 1\r\n\r\n");
    }

    @Test
    void a_large_chunk_is_not_copied() {
        channel.pipeline().addLast(new RequestEncoder());
        HttpContent large = content(70_000);
        ByteBuf data = large.content();
        writes(post("Transfer-Encoding", "chunked"));
        writes(large);
        channel.flush();
        ByteBuf before = channel.readOutbound();
        assertThat(before.toString(ISO_8859_1)).endsWith("\r\n\r\n11170\r\n");
        before.release();
        assertThat(channel.<ByteBuf>readOutbound()).isSameAs(data);
        data.release();
        assertThat(pieces()).containsExactly("\r\n");
    }

    @Test
    void an_empty_content_is_no_chunk_for_that_would_be_the_last() {
        channel.pipeline().addLast(new RequestEncoder());
        writes(post("Transfer-Encoding", "chunked"));
        writes(new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
        assertThat(pieces()).containsExactly("POST /a?b=%20c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    void a_small_answer_is_one_piece_with_its_head() {
        channel.pipeline().addLast(new ResponseEncoder());
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                new HttpResponseStatus(299, "Gr\u00fcn"),
                content(2).content());
        answer.headers().set("Content-Length", 2);
        writes(answer);
        assertThat(pieces()).containsExactly("HTTP/1.1 299 Gr\u00fcn\r\nContent-Length: 2\r\n\r\nxx");
    }

    @Test
    void a_large_answer_goes_behind_its_head() {
        channel.pipeline().addLast(new ResponseEncoder());
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, content(70_000).content());
        answer.headers().set("Content-Length", 70_000);
        writes(answer);
        assertThat(pieces()).containsExactly("HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n", "x".repeat(70_000));
    }

    @Test
    void the_answer_to_a_head_is_its_head_whatever_it_says() {
        ResponseEncoder encoder = new ResponseEncoder();
        encoder.answersHead(true);
        channel.pipeline().addLast(encoder);
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, content(2).content());
        answer.headers().set("Transfer-Encoding", "chunked");
        writes(answer);
        assertThat(pieces()).containsExactly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    void two_who_wait_are_told_each_of_their_own() {
        channel.pipeline().addLast(new RequestEncoder());
        ChannelFuture head = channel.write(post("Host", "a"));
        ChannelFuture end = channel.write(content(2));
        assertThat(head.isDone()).isFalse();
        channel.flush();
        assertThat(head.isSuccess() && end.isSuccess()).isTrue();
        assertThat(String.join("", pieces())).endsWith("\r\n\r\nxx");
    }

    @Test
    void what_was_not_flushed_fails_with_its_channel() {
        channel.pipeline().addLast(new RequestEncoder());
        ChannelFuture head = channel.write(post("Host", "a"));
        channel.close();
        assertThat(head.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(pieces()).isEmpty();
    }

    @Test
    void a_channel_that_takes_nothing_more_says_so_at_once() {
        channel.pipeline().addLast(new RequestEncoder());
        channel.close();
        assertThat(channel.write(post("Host", "a")).isDone()).isTrue();
    }

    @Test
    void many_small_contents_are_not_gathered_without_bound() {
        channel.pipeline().addLast(new RequestEncoder());
        writes(post("Content-Length", "40000"));
        for (int i = 0; i < 40; i++) {
            writes(content(1_000));
        }
        assertThat(pieces()).hasSizeGreaterThan(4).allMatch(piece -> piece.length() <= 8_192);
    }
}
