package dev.valifyproxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplayBufferTest {

    private static final int MEMORY = 8_192;

    private final ReplayMemory memory = new ReplayMemory(MEMORY);
    private final ReplayBuffer buffer = new ReplayBuffer(memory, 1_000);

    private static ByteBuf bytes(int readable, int capacity) {
        return ByteBufAllocator.DEFAULT.buffer(capacity, capacity).writeZero(readable);
    }

    private ByteBuf add(int readable, int capacity) {
        ByteBuf bytes = bytes(readable, capacity);
        buffer.add(new DefaultHttpContent(bytes));
        return bytes;
    }

    /** Takes the next content and reads it to its end, as a socket does. */
    private int send() {
        HttpContent next = buffer.next();
        int sent = next.content().readableBytes();
        next.content().skipBytes(sent);
        next.release();
        return sent;
    }

    @Test
    void a_body_is_sent_in_the_order_in_which_it_came() {
        add(10, 10);
        add(20, 20);
        buffer.add(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(send()).isEqualTo(10);
        assertThat(send()).isEqualTo(20);
        assertThat(buffer.hasUnsent()).isTrue();
        assertThat(send()).isZero();
        assertThat(buffer.hasUnsent()).isFalse();
        buffer.release();
    }

    @Test
    void rewound_it_is_sent_again_as_it_was_and_then_what_came_since() {
        add(10, 10);
        add(20, 20);
        send();
        send();
        add(30, 30);
        buffer.rewind();
        assertThat(send()).isEqualTo(10);
        assertThat(send()).isEqualTo(20);
        assertThat(send()).isEqualTo(30);
        buffer.rewind();
        assertThat(send()).isEqualTo(10);
        buffer.release();
    }

    @Test
    void rewound_the_bytes_are_the_same() {
        ByteBuf text = bytes(0, 16).writeBytes("hello".getBytes(StandardCharsets.US_ASCII));
        buffer.add(new DefaultLastHttpContent(text));
        send();
        buffer.rewind();
        HttpContent again = buffer.next();
        assertThat(again).isInstanceOf(LastHttpContent.class);
        assertThat(again.content().toString(StandardCharsets.US_ASCII)).isEqualTo("hello");
        again.release();
        buffer.release();
    }

    @Test
    void what_is_kept_is_charged_by_the_memory_it_pins() {
        ByteBuf read = bytes(10, 4_096);
        buffer.add(new DefaultHttpContent(read.readRetainedSlice(1)));
        read.release();
        assertThat(memory.taken()).isEqualTo(4_096);
        buffer.release();
        assertThat(memory.taken()).isZero();
        assertThat(read.refCnt()).isZero();
    }

    @Test
    void a_body_is_kept_up_to_its_limit_and_not_beyond() {
        add(999, 1_000);
        send();
        add(1, 1_000);
        assertThat(buffer.isReplayable()).isTrue();
        add(1, 1_000);
        assertThat(buffer.isReplayable()).isFalse();
        assertThat(memory.taken()).isZero();
        buffer.release();
    }

    @Test
    void all_bodies_are_kept_up_to_the_memory_for_them_and_not_beyond() {
        add(1, MEMORY - 1);
        add(1, 1);
        assertThat(buffer.isReplayable()).isTrue();
        ReplayBuffer another = new ReplayBuffer(memory, 1_000);
        another.add(new DefaultHttpContent(bytes(1, 1)));
        another.next().release();
        assertThat(another.isReplayable()).isFalse();
        assertThat(memory.taken()).isEqualTo(MEMORY);
        another.release();
        buffer.release();
        assertThat(memory.taken()).isZero();
    }

    @Test
    void what_has_no_bytes_costs_nothing() {
        buffer.add(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(memory.taken()).isZero();
        assertThat(send()).isZero();
        buffer.release();
    }

    @Test
    void once_it_keeps_nothing_what_was_sent_is_let_go_and_the_rest_with_its_sending() {
        ByteBuf sent = add(10, 10);
        send();
        ByteBuf unsent = add(20, 20);
        assertThat(sent.refCnt()).isEqualTo(1);
        buffer.stopKeeping();
        assertThat(sent.refCnt()).isZero();
        assertThat(memory.taken()).isZero();
        assertThat(send()).isEqualTo(20);
        assertThat(unsent.refCnt()).isZero();
        buffer.release();
    }

    @Test
    void what_is_not_kept_can_still_be_sent_from_the_start_until_some_of_it_has_been_sent() {
        buffer.stopKeeping();
        add(10, 10);
        assertThat(buffer.isReplayable()).isTrue();
        buffer.rewind();
        assertThat(send()).isEqualTo(10);
        assertThat(buffer.isReplayable()).isFalse();
        buffer.release();
    }

    @Test
    void while_nothing_is_kept_one_content_may_wait_and_no_more() {
        assertThat(buffer.mayHoldMore()).isTrue();
        buffer.stopKeeping();
        assertThat(buffer.mayHoldMore()).isTrue();
        add(1, 1);
        assertThat(buffer.mayHoldMore()).isFalse();
        buffer.release();
    }

    @Test
    void released_it_holds_no_buffer_and_no_memory_and_may_be_released_again() {
        ByteBuf sent = add(10, 10);
        send();
        ByteBuf unsent = add(20, 20);
        buffer.release();
        buffer.release();
        assertThat(sent.refCnt()).isZero();
        assertThat(unsent.refCnt()).isZero();
        assertThat(memory.taken()).isZero();
    }
}
