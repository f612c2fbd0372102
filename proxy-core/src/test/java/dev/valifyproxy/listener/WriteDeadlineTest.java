package dev.valifyproxy.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.worker.HeldWorker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** How long a client may take nothing, by a clock that is held. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WriteDeadlineTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Until a stall is seen: an eighth more, and ticks. */
    private static final Duration SEEN = Duration.ofSeconds(68);

    /** Takes what it is told to, and no more. */
    private static final class Reader extends EmbeddedChannel {

        private long willing;

        void takes(long bytes) {
            willing = bytes;
            unsafe().flush();
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer buffer) {
            while (willing > 0 && !buffer.isEmpty()) {
                long now = Math.min(willing, ((ByteBuf) buffer.current()).readableBytes());
                buffer.removeBytes(now);
                willing -= now;
            }
        }
    }

    private final Reader channel = new Reader();
    private final HeldWorker held = new HeldWorker(channel);

    private final LongAdder resets = new LongAdder();

    WriteDeadlineTest() {
        channel.pipeline().addLast(new WriteDeadline(TIMEOUT, held.worker().deadlines(), resets));
    }

    @AfterEach
    void close() {
        channel.close();
    }

    /** In steps: what looks now and then is to look at each of its times. */
    private void pass(Duration time) {
        long millis = time.toMillis();
        for (long step = 0; step < millis / 10; step++) {
            held.advance(Duration.ofMillis(10));
        }
        held.advance(Duration.ofMillis(millis % 10));
    }

    private void write(int bytes) {
        channel.write(channel.alloc().buffer(bytes).writeZero(bytes));
        channel.flush();
    }

    @Test
    void a_client_that_takes_nothing_is_cut_off_when_its_time_is_up_and_not_before() {
        write(10);
        pass(TIMEOUT.minusMillis(1));
        assertThat(channel.isOpen()).isTrue();
        assertThat(resets.sum()).isZero();
        pass(Duration.ofMillis(101));
        assertThat(channel.isOpen()).isFalse();
        assertThat(resets.sum()).isEqualTo(1);
    }

    @Test
    void one_that_has_taken_all_has_all_time() {
        write(10);
        channel.takes(10);
        pass(Duration.ofMinutes(10));
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void one_that_takes_the_least_now_and_then_is_left_alone() {
        write(1_000);
        for (int i = 0; i < 20; i++) {
            pass(TIMEOUT.minusSeconds(1));
            channel.takes(1);
        }
        assertThat(channel.isOpen()).isTrue();
        pass(SEEN);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void one_that_takes_whole_pieces_while_more_of_the_same_length_come_is_left_alone() {
        write(10);
        for (int i = 0; i < 20; i++) {
            write(10);
            pass(TIMEOUT.minusSeconds(1));
            channel.takes(10);
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void what_is_written_meanwhile_is_no_reason_to_wait_longer() {
        write(10);
        for (int i = 0; i < 6; i++) {
            pass(Duration.ofSeconds(9));
            write(10);
        }
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofSeconds(14));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void its_time_begins_when_there_is_something_to_take() {
        write(10);
        channel.takes(10);
        pass(Duration.ofMinutes(10));
        write(10);
        pass(TIMEOUT.minusMillis(1));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofMillis(101));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void nothing_happens_after_the_connections_end() {
        write(10);
        channel.close();
        pass(SEEN);
        assertThat(channel.isOpen()).isFalse();
    }
}
