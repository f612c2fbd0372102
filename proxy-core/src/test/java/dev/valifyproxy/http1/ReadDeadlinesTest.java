package dev.valifyproxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.worker.HeldWorker;
import dev.valifyproxy.worker.ReadControl;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
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
    private static final int RATE = 100;
    private static final Duration IDLE = Duration.ofSeconds(75);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final String REQUEST = "POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\n\r\n";

    private final List<Object> events = new ArrayList<>();
    private boolean takesAnswers = true;
    private final EmbeddedChannel channel = new EmbeddedChannel() {
        @Override
        protected void doWrite(ChannelOutboundBuffer buffer) throws Exception {
            if (takesAnswers) {
                super.doWrite(buffer);
            }
        }
    };
    private final HeldWorker held = new HeldWorker(channel);
    private final ReadControl reading = ReadControl.of(channel);
    private boolean pauseWithNextContent;
    private boolean requestsWait;

    ReadDeadlinesTest() {
        RequestDecoder decoder = new RequestDecoder(Bounds.DEFAULT);
        Http1Settings settings = new Http1Settings(8_192, 32_768, 100, HEAD, BODY, RATE, IDLE);
        ReadDeadlines readDeadlines = new ReadDeadlines(settings, held.worker(), reading, decoder, () -> requestsWait);
        channel.pipeline().addLast(decoder, readDeadlines, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                if (pauseWithNextContent && msg instanceof HttpContent) {
                    reading.pause(ReadControl.BACK_PRESSURE);
                }
                ctx.fireChannelRead(msg);
            }

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

    private static String upload(int length) {
        return "POST / HTTP/1.1\r\nHost: p\r\nContent-Length: " + length + "\r\n\r\n";
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
    void a_later_head_has_its_time_from_its_first_byte_too() {
        arrives(REQUEST + "hello");
        answer(HttpResponseStatus.OK);
        held.advance(Duration.ofMinutes(1));
        arrives("G");
        for (String piece : List.of("E", "T", " ", "/", " ")) {
            held.advance(Duration.ofSeconds(2));
            arrives(piece);
        }
        assertExpires(HEAD.minusSeconds(10), ConnectionEvent.HEAD_TIMEOUT);
    }

    @Test
    void a_body_may_pause_for_its_whole_time_and_again_once_enough_of_it_has_come() {
        arrives(upload(1_000_000));
        held.advance(BODY.minusNanos(1));
        arrives("x".repeat(30 * RATE));
        assertExpires(BODY, ConnectionEvent.BODY_TIMEOUT);
    }

    @Test
    void a_byte_earns_its_share_of_a_second_and_no_more() {
        arrives(upload(1_000_000));
        held.advance(BODY.minusSeconds(1));
        arrives("x".repeat(2 * RATE));
        assertExpires(Duration.ofSeconds(3), ConnectionEvent.BODY_TIMEOUT);
    }

    @Test
    void a_body_that_comes_at_the_slowest_rate_allowed_may_take_for_ever() {
        arrives(upload(1_000_000));
        for (int second = 0; second < 600; second++) {
            held.advance(Duration.ofSeconds(1));
            arrives("x".repeat(RATE));
        }
        assertThat(events).isEmpty();
    }

    @Test
    void a_body_that_comes_more_slowly_is_out_of_time_whatever_it_sent_before() {
        arrives(upload(10_000_000));
        arrives("x".repeat(5_000_000));
        for (int second = 0; second < 58; second++) {
            held.advance(Duration.ofSeconds(1));
            arrives("x".repeat(RATE / 2));
        }
        assertThat(events).isEmpty();
        held.advance(Duration.ofSeconds(1).plus(TICK));
        assertThat(events).containsExactly(ConnectionEvent.BODY_TIMEOUT);
    }

    @Test
    void a_body_as_slow_as_that_has_all_time_while_we_do_not_read_it() {
        arrives(upload(1_000_000));
        held.advance(BODY.minusSeconds(2));
        for (int i = 0; i < 20; i++) {
            reading.pause(ReadControl.BACK_PRESSURE);
            held.advance(BODY);
            reading.resume(ReadControl.BACK_PRESSURE);
        }
        assertExpires(Duration.ofSeconds(2), ConnectionEvent.BODY_TIMEOUT);
    }

    @Test
    void what_came_before_a_pause_counts_after_it() {
        arrives(upload(1_000_000));
        held.advance(BODY.minusSeconds(1));
        pauseWithNextContent = true;
        arrives("x".repeat(4 * RATE));
        held.advance(BODY);
        reading.resume(ReadControl.BACK_PRESSURE);
        assertExpires(Duration.ofSeconds(5), ConnectionEvent.BODY_TIMEOUT);
    }

    @Test
    void a_client_that_waits_for_a_100_has_all_time_and_its_own_from_then_on() {
        arrives("POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        held.advance(BODY.multipliedBy(5));
        answer(HttpResponseStatus.CONTINUE);
        assertExpires(BODY, ConnectionEvent.BODY_TIMEOUT);
    }

    @Test
    void each_body_has_a_time_of_its_own() {
        arrives(REQUEST);
        held.advance(BODY.minusSeconds(1));
        arrives("hello");
        answer(HttpResponseStatus.OK);
        arrives(REQUEST);
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
    void a_client_that_still_takes_its_answer_is_not_idle() {
        takesAnswers = false;
        arrives(REQUEST + "hello");
        answer(HttpResponseStatus.OK);
        held.advance(IDLE.multipliedBy(3));
        assertThat(channel.isOpen()).isTrue();
        takesAnswers = true;
        channel.flush();
        held.advance(IDLE.plus(TICK));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_client_whose_next_request_waits_for_its_turn_has_all_time_for_the_one_behind_it() {
        arrives(REQUEST + "helloG");
        requestsWait = true;
        answer(HttpResponseStatus.OK);
        held.advance(IDLE.multipliedBy(3));
        assertThat(events).isEmpty();
        assertThat(channel.isOpen()).isTrue();
        requestsWait = false;
        answer(HttpResponseStatus.OK);
        assertExpires(HEAD, ConnectionEvent.HEAD_TIMEOUT);
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
