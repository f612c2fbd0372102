package dev.valifyproxy.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valifyproxy.http.ConnectionEvent;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When an upstream connection may serve another exchange, by the bytes of its answers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionReuseTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static final String TO_END = "HTTP/1.1 200 OK\r\n\r\npart";

    private final List<Channel> reusable = new ArrayList<>();
    private final List<Channel> closing = new ArrayList<>();
    private final ResponseDecoder decoder = new ResponseDecoder(Bounds.DEFAULT);
    private final EmbeddedChannel channel = new EmbeddedChannel(
            decoder, new HttpRequestEncoder(), new ConnectionReuse(decoder, reusable::add, closing::add));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void request(HttpMethod method) {
        channel.writeOutbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, "/", Unpooled.EMPTY_BUFFER));
    }

    private void answer(String bytes) {
        channel.writeInbound(ByteBufUtil.writeUtf8(channel.alloc(), bytes));
    }

    private void assertReusable(int times) {
        assertThat(channel.isOpen()).isTrue();
        assertThat(reusable).hasSize(times);
    }

    private void assertClosed() {
        assertThat(reusable).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_connection_is_good_for_another_exchange_once_request_and_answer_are_complete() {
        for (int exchange = 1; exchange <= 3; exchange++) {
            request(HttpMethod.GET);
            answer(OK.substring(0, OK.length() - 1));
            assertReusable(exchange - 1);
            answer(OK.substring(OK.length() - 1));
            assertReusable(exchange);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\nstray",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nX-A: 1\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok"
            })
    void a_connection_that_the_answer_does_not_keep_whole_is_closed(String bytes) {
        request(HttpMethod.POST);
        answer(bytes);
        assertClosed();
    }

    @Test
    void an_http_1_0_answer_that_keeps_the_connection_keeps_it() {
        request(HttpMethod.GET);
        answer("HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok");
        assertReusable(1);
    }

    @Test
    void an_answer_before_the_requests_end_closes_the_connection() {
        channel.writeOutbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
        answer(OK);
        assertClosed();
    }

    @Test
    void of_a_status_line_alone_is_told_that_an_answer_has_begun() {
        List<Object> events = new ArrayList<>();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                events.add(event);
            }
        });
        request(HttpMethod.GET);
        answer("HTTP/1.1 200 OK\r\n");
        assertThat(events).containsExactly(ConnectionEvent.ANSWER_BYTES);
    }

    @Test
    void a_line_end_between_two_exchanges_closes_the_connection() {
        request(HttpMethod.GET);
        answer(OK);
        assertReusable(1);
        answer("\r\n");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void an_interim_answer_does_not_end_an_exchange() {
        channel.writeOutbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
        answer("HTTP/1.1 100 Continue\r\n\r\n");
        assertReusable(0);
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        answer(OK);
        assertReusable(1);
    }

    @Test
    void the_answer_to_a_head_ends_with_its_head_whatever_its_length_says() {
        request(HttpMethod.HEAD);
        answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        assertReusable(1);
        request(HttpMethod.GET);
        answer(OK);
        assertReusable(2);
    }

    @Test
    void what_comes_between_two_exchanges_closes_the_connection_and_goes_nowhere() {
        answer(OK);
        assertClosed();
        assertThat(channel.<Object>readInbound()).isNull();
    }

    @Test
    void bytes_behind_an_answer_on_a_connection_that_takes_its_time_to_close_do_not_give_it_back() {
        ResponseDecoder own = new ResponseDecoder(Bounds.DEFAULT);
        EmbeddedChannel closingLater = new EmbeddedChannel(
                new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
                        // As TLS does, which sends its own end first.
                    }
                },
                own,
                new HttpRequestEncoder(),
                new ConnectionReuse(own, reusable::add, closing::add));
        closingLater.writeOutbound(
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER));
        closingLater.pipeline().fireChannelRead(ByteBufUtil.writeUtf8(closingLater.alloc(), OK + OK));
        closingLater.pipeline().fireChannelReadComplete();
        assertThat(reusable).isEmpty();
        closingLater.releaseInbound();
        closingLater.releaseOutbound();
    }

    @Test
    void an_answer_that_ends_with_the_connection_is_complete_when_it_ends_in_order() {
        request(HttpMethod.GET);
        answer(TO_END);
        channel.unsafe().close(channel.voidPromise());
        assertThat(isAnswerComplete()).isTrue();
    }

    @Test
    void an_answer_that_ends_with_the_connection_is_not_complete_when_the_connection_breaks() {
        request(HttpMethod.GET);
        answer(TO_END);
        channel.pipeline().fireExceptionCaught(new IOException("reset by peer"));
        channel.unsafe().close(channel.voidPromise());
        assertThatThrownBy(channel::checkException).isInstanceOf(IOException.class);
        assertThat(isAnswerComplete()).isFalse();
    }

    @Test
    void nor_when_a_write_failed_before_for_which_nobody_is_told() {
        ResponseDecoder own = new ResponseDecoder(Bounds.DEFAULT);
        HalfClosed half =
                new HalfClosed(own, new HttpRequestEncoder(), new ConnectionReuse(own, reusable::add, closing::add));
        half.writeOutbound(
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER));
        half.shutdownOutput();
        half.pipeline().fireExceptionCaught(new IOException("broken pipe"));
        half.writeInbound(ByteBufUtil.writeUtf8(half.alloc(), TO_END));
        half.unsafe().close(half.voidPromise());
        half.checkException();
        assertThat(half.inboundMessages()).noneMatch(LastHttpContent.class::isInstance);
        half.finishAndReleaseAll();
    }

    @Test
    void over_tls_the_closure_alert_completes_it_and_the_connection_is_closed() {
        request(HttpMethod.GET);
        answer(TO_END);
        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        assertThat(isAnswerComplete()).isTrue();
        assertClosed();
    }

    @Test
    void over_tls_an_end_without_the_alert_does_not_complete_it() {
        request(HttpMethod.GET);
        answer(TO_END);
        channel.pipeline().fireUserEventTriggered(new SslCloseCompletionEvent(new ClosedChannelException()));
        channel.unsafe().close(channel.voidPromise());
        assertThat(isAnswerComplete()).isFalse();
    }

    @Test
    void over_tls_a_connection_is_closed_with_the_alert_whether_it_is_idle() {
        request(HttpMethod.GET);
        answer(OK);
        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        assertThat(channel.isOpen()).isFalse();
        assertThat(closing).containsExactly(channel);
    }

    @Test
    void or_has_just_answered() {
        request(HttpMethod.GET);
        channel.pipeline().fireChannelRead(ByteBufUtil.writeUtf8(channel.alloc(), OK));
        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        channel.pipeline().fireChannelReadComplete();
        assertThat(isAnswerComplete()).isTrue();
        assertClosed();
    }

    @Test
    void or_is_in_the_middle_of_its_answer_which_stays_incomplete() {
        request(HttpMethod.GET);
        answer(OK.substring(0, OK.length() - 1));
        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        assertThat(isAnswerComplete()).isFalse();
        assertClosed();
    }

    @Test
    void a_close_of_our_own_does_not_complete_an_answer_that_ends_with_the_connection() {
        request(HttpMethod.GET);
        answer(TO_END);
        channel.pipeline().close();
        assertThat(isAnswerComplete()).isFalse();
    }

    @Test
    void nor_does_an_end_behind_a_write_that_failed() {
        request(HttpMethod.GET);
        answer(TO_END);
        channel.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
        channel.unsafe().close(channel.voidPromise());
        assertThat(isAnswerComplete()).isFalse();
    }

    private boolean isAnswerComplete() {
        return channel.inboundMessages().stream().anyMatch(LastHttpContent.class::isInstance);
    }

    @Test
    void part_of_an_answer_between_two_exchanges_closes_the_connection() {
        answer("HTTP/1.1 200 O");
        assertClosed();
    }
}
