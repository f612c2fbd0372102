package dev.valifyproxy.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes in, bytes out. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AdminPipelineTest {

    private static final String HOST = "Host: admin\r\n";

    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AdminPipeline pipeline = new AdminPipeline(
            Map.of(
                    "/hello", request -> Endpoint.answer(HttpResponseStatus.OK, "text/plain", "hello"),
                    "/long", request -> Endpoint.answer(HttpResponseStatus.OK, "text/plain", "x".repeat(100_000)),
                    "/broken",
                            request -> {
                                throw new IllegalStateException("hunter2");
                            }),
            open);
    private final EmbeddedChannel channel = new EmbeddedChannel(pipeline);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void an_answer_carries_what_every_answer_carries() {
        assertThat(exchange("GET /hello HTTP/1.1\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsPattern("date: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n")
                .contains("content-type: text/plain\r\n")
                .contains("cache-control: no-store\r\n")
                .contains("x-content-type-options: nosniff\r\n")
                .contains("content-length: 5\r\n")
                .endsWith("\r\n\r\nhello");
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void a_head_gets_the_same_head_without_the_body() {
        assertThat(exchange("HEAD /hello HTTP/1.1\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("content-length: 5\r\n")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hello?a=b", "http://admin/hello", "http://admin/hello?a"})
    void query_and_authority_do_not_matter(String target) {
        assertThat(exchange("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/hello/", "/hellO", "//hello", "/../hello", "/hello%", "*", "/nothing"})
    void any_other_path_is_404(String target) {
        assertThat(exchange("GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .contains("cache-control: no-store\r\n")
                .contains("x-content-type-options: nosniff\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "FOO"})
    void any_other_method_is_405_and_told_which_would_do(String method) {
        assertThat(exchange(method + " /hello HTTP/1.1\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                .contains("allow: GET, HEAD\r\n");
        assertThat(channel.isActive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /hello HTTP/1.1\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            })
    void a_bad_request_is_400_and_the_last_on_its_connection(String request) {
        assertThat(exchange(request)).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("connection: close\r\n");
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void a_request_line_or_head_past_its_bound_is_400() {
        assertThat(exchange("GET /" + "a".repeat(4096) + " HTTP/1.1\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 400 ");
        EmbeddedChannel another = new EmbeddedChannel(pipeline);
        assertThat(exchange(another, "GET /hello HTTP/1.1\r\n" + HOST + "A: " + "a".repeat(8192) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        another.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"})
    void a_body_is_refused_unread(String rest) {
        assertThat(exchange("POST /hello HTTP/1.1\r\n" + HOST + rest))
                .startsWith("HTTP/1.1 413 ")
                .contains("connection: close\r\n");
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void an_empty_body_is_none() {
        assertThat(exchange("GET /hello HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void the_connection_closes_when_the_client_asks_for_it() {
        assertThat(exchange("GET /hello HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"))
                .contains("connection: close\r\n");
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void an_http_1_0_client_needs_no_host_and_keeps_its_connection_only_if_it_asks() {
        assertThat(exchange("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("connection: keep-alive\r\n");
        assertThat(channel.isActive()).isTrue();

        assertThat(exchange("GET /hello HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void an_endpoint_that_fails_is_500_and_keeps_its_reason_to_the_log() {
        assertThat(exchange("GET /broken HTTP/1.1\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
                .doesNotContain("hunter2");
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void pipelined_requests_are_answered_in_order() {
        assertThat(exchange("GET /hello HTTP/1.1\r\n" + HOST + "\r\nGET /nothing HTTP/1.1\r\n" + HOST + "\r\n"))
                .containsSubsequence("200 OK", "hello", "404 Not Found");
    }

    @Test
    void a_client_that_asks_on_without_taking_its_answers_is_dropped() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        channel.pipeline().firstContext().write(Unpooled.copiedBuffer("an answer on its way", ISO_8859_1));
        assertThat(channel.isWritable()).isFalse();

        channel.writeInbound(Unpooled.copiedBuffer("GET /long HTTP/1.1\r\n" + HOST + "\r\n", ISO_8859_1));

        assertThat(channel.isActive()).isFalse();
        assertThat(written(channel)).doesNotContain("200 OK");
    }

    @Test
    void a_long_answer_is_compressed_for_who_accepts_gzip() {
        assertThat(exchange("GET /long HTTP/1.1\r\n" + HOST + "Accept-Encoding: gzip\r\n\r\n"))
                .contains("content-encoding: gzip\r\n")
                .hasSizeLessThan(10_000);
        assertThat(exchange("GET /long HTTP/1.1\r\n" + HOST + "Accept-Encoding: gzip;q=0\r\n\r\n"))
                .doesNotContain("content-encoding")
                .hasSizeGreaterThan(100_000);
        assertThat(exchange("GET /hello HTTP/1.1\r\n" + HOST + "Accept-Encoding: gzip\r\n\r\n"))
                .doesNotContain("content-encoding");
    }

    @Test
    void a_request_that_only_trickles_in_is_cut_off() {
        channel.freezeTime();
        exchange("GET /hello HTTP/1.1\r\n" + HOST + "\r\n");
        advance(AdminPipeline.READ_TIMEOUT_SECONDS - 1);
        assertThat(channel.isActive()).isTrue();

        exchange("GET /hel");
        advance(1);

        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void each_request_gives_a_connection_new_time() {
        channel.freezeTime();
        exchange("GET /hello HTTP/1.1\r\n" + HOST + "\r\n");
        advance(AdminPipeline.READ_TIMEOUT_SECONDS - 1);

        exchange("GET /hello HTTP/1.1\r\n" + HOST + "\r\n");
        advance(AdminPipeline.READ_TIMEOUT_SECONDS - 1);

        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void one_connection_too_many_is_closed_and_a_freed_place_is_given_again() {
        for (int i = 1; i < AdminPipeline.MAX_CONNECTIONS; i++) {
            assertThat(new EmbeddedChannel(pipeline).isActive()).isTrue();
        }
        assertThat(new EmbeddedChannel(pipeline).isActive()).isFalse();

        channel.close();

        assertThat(new EmbeddedChannel(pipeline).isActive()).isTrue();
        assertThat(new EmbeddedChannel(pipeline).isActive()).isFalse();
    }

    private void advance(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private String exchange(String request) {
        return exchange(channel, request);
    }

    private static String exchange(EmbeddedChannel channel, String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, ISO_8859_1));
        return written(channel);
    }

    private static String written(EmbeddedChannel channel) {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(ISO_8859_1));
            part.release();
        }
        return text.toString();
    }
}
