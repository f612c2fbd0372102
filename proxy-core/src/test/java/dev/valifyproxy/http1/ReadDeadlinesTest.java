package dev.valifyproxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.worker.HeldWorker;
import dev.valifyproxy.worker.ReadControl;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** How long a client may take for what, by a clock that is held. Deadlines expire up to a tick late. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadDeadlinesTest {

    private static final Duration HEAD = Duration.ofSeconds(15);
    private static final Duration BODY = Duration.ofSeconds(30);
    private static final Duration IDLE = Duration.ofSeconds(75);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final String REQUEST = "POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\n";

    private final List<Object> events = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final HeldWorker held = new HeldWorker(channel);
    private final ReadControl reading = ReadControl.of(channel);

    ReadDeadlinesTest() {
        RequestDecoder decoder = new RequestDecoder(Bounds.DEFAULT);
        Http1Settings settings = new Http1Settings(8_192, 32_768, 100, HEAD, BODY, IDLE);
        channel.pipeline()
                .addLast(
                        decoder,
                        new ReadDeadlines(settings, held.worker(), reading, decoder),
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                                events.add(event);
                            }
                        });
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void arrives(String bytes) {
        channel.writeInbound(ByteBufUtil.writeUtf8(channel.alloc(), bytes));
    }

    private void answer(HttpResponseStatus status) {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER));
    }

    private void assertExpires(Duration after, ConnectionEvent event) {
        held.advance(after.minusNanos(1));
        assertThat(events).isEmpty();
        held.advance(TICK);
        assertThat(events).containsExactly(event);
    }

    private void assertClosesWithoutAWord(Duration after) {
        held.advance(after.minusNanos(1));
        assertThat(channel.isOpen()).isTrue();
        held.advance(TICK);
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).isEmpty();
    }

    @Test
    void a_client_that_sends_nothing_is_closed_without_a_word() {
        assertClosesWithoutAWord(IDLE);
    }

    @Test
    void a_head_has_its_time_from_its_first_byte_however_many_follow() {
        arrives("P");
        held.advance(Duration.ofSeconds(10));
        arrives("OST / HTTP/1.1\r\nHost: p\r\n");
        assertExpires(HEAD.minusSeconds(10), ConnectionEvent.HEAD_TIMEOUT);
    }

    @Test
    void a_read_that_brought_nothing_is_not_taken_for_a_heads_beginning() {
        channel.pipeline().fireChannelReadComplete();
        held.advance(HEAD.plus(TICK));
        assertThat(events).isEmpty();
        assertClosesWithoutAWord(IDLE.minus(HEAD).minus(TICK));
    }

    @Test
    void a_body_has_its_time_anew_with_each_read() {
        arrives(REQUEST);
        held.advance(BODY.minusNanos(1));
        arrives("h");
        assertExpires(BODY, ConnectionEvent.BODY_TIMEOUT);
    }

    @Test
    void a_body_that_we_do_not_read_has_all_time_and_its_own_again_once_we_do() {
        arrives(REQUEST);
        reading.pause(ReadControl.BACK_PRESSURE);
        held.advance(BODY.multipliedBy(3));
        assertThat(events).isEmpty();
        reading.resume(ReadControl.BACK_PRESSURE);
        assertExpires(BODY, ConnectionEvent.BODY_TIMEOUT);
    }

    @Test
    void a_client_that_waits_for_its_answer_has_all_time() {
        arrives(REQUEST + "hello");
        held.advance(Duration.ofHours(1));
        assertThat(events).isEmpty();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void after_its_answer_a_connection_is_idle_again() {
        arrives(REQUEST + "hello");
        held.advance(Duration.ofMinutes(1));
        answer(HttpResponseStatus.OK);
        assertClosesWithoutAWord(IDLE);
    }

    @Test
    void an_interim_answer_ends_nothing() {
        arrives(REQUEST);
        answer(HttpResponseStatus.CONTINUE);
        assertExpires(BODY, ConnectionEvent.BODY_TIMEOUT);
    }

    @Test
    void a_client_that_was_answered_in_the_middle_of_its_body_does_not_stay_for_ever() {
        arrives(REQUEST);
        answer(HttpResponseStatus.OK);
        assertClosesWithoutAWord(IDLE);
    }

    @Test
    void nothing_expires_after_the_connections_end() {
        arrives("P");
        channel.close();
        held.advance(IDLE.plus(TICK));
        assertThat(events).isEmpty();
    }
}
