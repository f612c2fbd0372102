package dev.valifyproxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.worker.HeldWorker;
import dev.valifyproxy.worker.ReadControl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** One exchange at a time, and nothing piles up meanwhile. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RequestQueueTest {

    private final Tail tail = new Tail();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final HeldWorker held = new HeldWorker(channel);
    private final ReadControl reading = ReadControl.of(channel);

    RequestQueueTest() {
        channel.pipeline().addLast(new RequestQueue(held.worker(), reading, new RequestDecoder(Bounds.DEFAULT)), tail);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** What stands behind the queue: notes heads and events, and drops bodies. */
    private static final class Tail extends ChannelInboundHandlerAdapter {

        final List<String> heads = new ArrayList<>();
        int ends;
        int inputShut;
        int reads;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof HttpRequest head) {
                heads.add(head.uri());
            }
            ends += msg instanceof LastHttpContent ? 1 : 0;
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            reads++;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            inputShut += event instanceof ChannelInputShutdownEvent ? 1 : 0;
        }
    }

    private void request(String uri) {
        head(uri);
        arrives(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    /** Also on a channel that has ended, as what was read before it did. */
    private void arrives(Object msg) {
        channel.pipeline().fireChannelRead(msg);
        channel.pipeline().fireChannelReadComplete();
    }

    private void head(String uri) {
        arrives(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, uri));
    }

    private void whole(String uri) {
        arrives(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, uri));
    }

    private ByteBuf content(int length) {
        ByteBuf bytes = channel.alloc().buffer(length).writeZero(length);
        arrives(new DefaultHttpContent(bytes));
        return bytes;
    }

    private static FullHttpResponse answer() {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
    }

    private static FullHttpResponse lastAnswer() {
        FullHttpResponse answer = answer();
        answer.headers().set(HttpHeaderNames.CONNECTION, "close");
        return answer;
    }

    private void clientTakesMore(boolean more) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, more);
        channel.runPendingTasks();
    }

    @Test
    void a_request_waits_for_the_answer_to_the_one_before() {
        request("/1");
        request("/2");
        request("/3");
        assertThat(tail.heads).containsExactly("/1");
        channel.writeOutbound(answer());
        assertThat(tail.heads).containsExactly("/1", "/2");
        channel.writeOutbound(answer());
        assertThat(tail.heads).containsExactly("/1", "/2", "/3");
        assertThat(tail.ends).isEqualTo(3);
    }

    @Test
    void sixteen_requests_are_held_and_then_the_connection_is_not_read_until_an_answer_is_out() {
        request("/on");
        for (int i = 1; i < 16; i++) {
            request("/" + i);
        }
        assertThat(reading.isReading()).isTrue();
        request("/16");
        assertThat(reading.isReading()).isFalse();
        channel.writeOutbound(answer());
        assertThat(reading.isReading()).isTrue();
    }

    @Test
    void of_requests_that_were_read_whole_as_many_are_held() {
        request("/on");
        for (int i = 1; i < 16; i++) {
            whole("/" + i);
        }
        assertThat(reading.isReading()).isTrue();
        whole("/16");
        assertThat(reading.isReading()).isFalse();
    }

    @Test
    void a_held_requests_body_pauses_the_connection_before_it_is_all_in_memory() {
        request("/1");
        head("/2");
        content(64 * 1024);
        assertThat(reading.isReading()).isTrue();
        content(64 * 1024);
        assertThat(reading.isReading()).isFalse();
        channel.writeOutbound(answer());
        assertThat(reading.isReading()).isTrue();
        assertThat(tail.heads).containsExactly("/1", "/2");
    }

    @Test
    void a_held_body_in_tiny_parts_is_weighed_by_the_buffers_it_pins() {
        request("/1");
        head("/2");
        for (int i = 0; i < 30; i++) {
            content(1);
        }
        assertThat(reading.isReading()).isTrue();
        content(1);
        assertThat(reading.isReading()).isFalse();
    }

    @Test
    void a_client_that_does_not_take_its_answers_gets_no_further_exchange() {
        request("/1");
        clientTakesMore(false);
        channel.writeOutbound(answer());
        request("/2");
        assertThat(tail.heads).containsExactly("/1");
        clientTakesMore(true);
        assertThat(tail.heads).containsExactly("/1", "/2");
    }

    @Test
    void a_request_held_for_a_slow_client_is_no_read_that_anybody_hears_of() {
        request("/1");
        clientTakesMore(false);
        channel.writeOutbound(answer());
        int before = tail.reads;
        request("/2");
        assertThat(tail.reads).isEqualTo(before);
        clientTakesMore(true);
        assertThat(tail.reads).isEqualTo(before + 1);
    }

    @Test
    void nothing_behind_the_last_answer_is_let_through() {
        request("/1");
        head("/2");
        ByteBuf held = content(10);
        channel.write(lastAnswer());
        ByteBuf late = content(10);
        assertThat(tail.heads).containsExactly("/1");
        assertThat(held.refCnt()).isZero();
        assertThat(late.refCnt()).isZero();
    }

    @Test
    void an_answer_before_the_requests_end_is_the_last() {
        head("/1");
        channel.writeOutbound(answer());
        request("/2");
        assertThat(tail.heads).containsExactly("/1");
    }

    @Test
    void a_client_that_has_ended_its_side_is_answered_what_it_asked() {
        request("/1");
        request("/2");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.writeOutbound(answer());
        assertThat(tail.heads).containsExactly("/1", "/2");
        assertThat(channel.isOpen()).isTrue();
        channel.writeOutbound(answer());
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void who_serves_a_held_request_hears_that_the_rest_of_it_will_not_come() {
        request("/1");
        head("/2");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(tail.inputShut).isEqualTo(1);
        channel.writeOutbound(answer());
        assertThat(tail.inputShut).isEqualTo(2);
    }

    @Test
    void an_idle_connection_closes_when_the_client_ends_its_side() {
        request("/1");
        channel.writeOutbound(answer());
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void an_idle_connection_closes_in_the_drain_but_not_before_its_answer_is_out() {
        request("/1");
        channel.write(answer());
        channel.pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN);
        assertThat(channel.<HttpContent>readOutbound()).isInstanceOf(FullHttpResponse.class);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_connection_that_ends_lets_go_of_what_is_held() {
        request("/1");
        head("/2");
        ByteBuf content = content(10);
        channel.close();
        assertThat(content.refCnt()).isZero();
        arrives(new DefaultLastHttpContent());
        assertThat(tail.heads).containsExactly("/1");
    }

    @Test
    void a_queue_that_is_removed_lets_go_of_what_is_held() {
        request("/1");
        head("/2");
        ByteBuf content = content(10);
        channel.pipeline().remove(RequestQueue.class);
        assertThat(content.refCnt()).isZero();
    }
}
