package dev.valifyproxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.worker.HeldWorker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The framing that answers get, in the bytes that go out. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ResponseFramingTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final HeldWorker held = new HeldWorker(channel);

    ResponseFramingTest() {
        ResponseEncoder encoder = new ResponseEncoder();
        channel.pipeline().addLast(encoder, new ResponseFraming(held.worker(), encoder));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void asked(HttpMethod method, HttpVersion version, String... connection) {
        HttpRequest head = new DefaultHttpRequest(version, method, "/");
        for (String value : connection) {
            head.headers().add("Connection", value);
        }
        channel.writeInbound(head);
    }

    private static HttpResponse head(int status, String... fields) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        head.headers().set("Date", "then");
        for (int i = 0; i < fields.length; i += 2) {
            head.headers().add(fields[i], fields[i + 1]);
        }
        return head;
    }

    private ByteBuf bytes(String text) {
        return ByteBufUtil.writeUtf8(channel.alloc(), text);
    }

    private String answered(HttpResponse head, String body) {
        channel.writeOutbound(head);
        if (!body.isEmpty()) {
            channel.writeOutbound(new DefaultHttpContent(bytes(body)));
        }
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        return sent();
    }

    private String sent() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return all.toString();
    }

    @Test
    void a_length_that_is_known_stays_and_nothing_is_added() {
        asked(HttpMethod.GET, HttpVersion.HTTP_1_1);
        assertThat(answered(head(200, "Content-Length", "2"), "ok"))
                .isEqualTo("HTTP/1.1 200 OK\r\nDate: then\r\nContent-Length: 2\r\n\r\nok");
    }

    @Test
    void without_a_length_an_http_1_1_client_gets_chunks() {
        asked(HttpMethod.GET, HttpVersion.HTTP_1_1);
        assertThat(answered(head(200), "ok"))
                .endsWith("transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
                .doesNotContainIgnoringCase("connection");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "close"})
    void without_a_length_an_http_1_0_client_gets_the_connections_end(String asks) {
        asked(HttpMethod.GET, HttpVersion.HTTP_1_0, asks);
        assertThat(answered(head(200, "Transfer-Encoding", "chunked"), "ok"))
                .endsWith("connection: close\r\n\r\nok")
                .doesNotContainIgnoringCase("transfer-encoding");
    }

    @ParameterizedTest
    @CsvSource({"keep-alive,keep-alive", "close,close"})
    void an_http_1_0_client_is_told_whether_its_connection_stays(String asks, String told) {
        asked(HttpMethod.GET, HttpVersion.HTTP_1_0, asks);
        assertThat(answered(head(200, "Content-Length", "2"), "ok"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("connection: " + told + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void an_answer_that_has_no_body_is_not_framed_as_one(int status) {
        asked(HttpMethod.GET, HttpVersion.HTTP_1_1);
        assertThat(answered(head(status), ""))
                .endsWith("\r\nDate: then\r\n\r\n")
                .doesNotContainIgnoringCase("transfer-encoding");
    }

    @Test
    void the_answer_to_a_head_keeps_its_length_and_has_no_body() {
        asked(HttpMethod.HEAD, HttpVersion.HTTP_1_1);
        assertThat(answered(head(200, "Content-Length", "2"), "")).endsWith("Content-Length: 2\r\n\r\n");
    }

    @Test
    void an_answer_of_our_own_to_a_head_loses_its_body_and_gives_it_back() {
        asked(HttpMethod.HEAD, HttpVersion.HTTP_1_1);
        ByteBuf body = bytes("ours");
        DefaultFullHttpResponse ours =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_GATEWAY, body);
        ours.headers().set("Content-Length", 4).set("Date", "then");
        channel.writeOutbound(ours);
        assertThat(sent()).endsWith("\r\nContent-Length: 4\r\nDate: then\r\n\r\n");
        assertThat(body.refCnt()).isZero();
    }

    @Test
    void what_comes_behind_the_answer_to_a_head_is_dropped_and_given_back() {
        asked(HttpMethod.HEAD, HttpVersion.HTTP_1_1);
        ByteBuf body = bytes("stray");
        channel.writeOutbound(head(200, "Content-Length", "5"), new DefaultHttpContent(body));
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(sent()).endsWith("\r\n\r\n");
        assertThat(body.refCnt()).isZero();
    }

    @Test
    void the_get_after_a_head_has_its_body_again() {
        the_answer_to_a_head_keeps_its_length_and_has_no_body();
        a_length_that_is_known_stays_and_nothing_is_added();
    }

    @Test
    void an_interim_answer_goes_out_whole_and_unframed() {
        asked(HttpMethod.POST, HttpVersion.HTTP_1_1);
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        assertThat(sent()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(answered(head(200, "Content-Length", "2"), "ok")).endsWith("\r\n\r\nok");
    }

    @Test
    void an_http_1_0_client_gets_no_interim_answer() {
        asked(HttpMethod.POST, HttpVersion.HTTP_1_0);
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        assertThat(sent()).isEmpty();
    }

    @Test
    void a_date_is_added_where_it_is_missing_and_only_there() {
        asked(HttpMethod.GET, HttpVersion.HTTP_1_1);
        HttpResponse undated = head(200, "Content-Length", "2");
        undated.headers().remove("Date");
        assertThat(answered(undated, "ok")).containsOnlyOnce("date: ").contains(" GMT\r\n");
        assertThat(answered(head(200, "Content-Length", "2"), "ok")).containsOnlyOnce("ate: ");
    }

    @Test
    void a_client_that_closes_is_told_that_the_connection_closes() {
        asked(HttpMethod.GET, HttpVersion.HTTP_1_1, "close");
        assertThat(answered(head(200, "Content-Length", "2"), "ok")).contains("connection: close\r\n");
    }

    @Test
    void in_the_drain_every_answer_is_a_connections_last() {
        asked(HttpMethod.GET, HttpVersion.HTTP_1_1);
        channel.pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN);
        assertThat(answered(head(200, "Content-Length", "2"), "ok")).contains("connection: close\r\n");
    }
}
