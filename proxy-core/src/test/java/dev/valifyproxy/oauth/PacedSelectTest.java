package dev.valifyproxy.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.worker.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SelectStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When the mint loop rests, in a clock's hands. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PacedSelectTest {

    private static final int READY = 7;
    private static final long TURN = 1_000;

    private final List<Long> rests = new ArrayList<>();

    /** Shortly before the ticker wraps around. */
    private long now = Long.MAX_VALUE - TURN;

    private long restsFor = Long.MAX_VALUE;

    private final PacedSelect select = new PacedSelect(Duration.ofNanos(TURN), () -> now, nanos -> {
        rests.add(nanos);
        now += Math.min(nanos, restsFor);
    });

    @Test
    void the_first_turn_does_not_rest() throws Exception {
        assertThat(turn()).isEqualTo(SelectStrategy.SELECT);
        assertThat(rests).isEmpty();
    }

    @Test
    void turns_that_come_a_turn_apart_do_not_rest() throws Exception {
        for (int turn = 0; turn < 5; turn++) {
            turn();
            now += TURN;
        }
        assertThat(rests).isEmpty();
    }

    @Test
    void a_turn_that_comes_too_soon_rests_until_it_is_due() throws Exception {
        turn();
        now += 300;
        assertThat(turn()).isEqualTo(SelectStrategy.SELECT);
        now += TURN - 1;
        turn();
        assertThat(rests).containsExactly(TURN - 300, 1L);
    }

    @Test
    void a_loop_that_has_tasks_does_not_rest() throws Exception {
        turn();
        assertThat(select.calculateStrategy(() -> READY, true)).isEqualTo(READY);
        assertThat(rests).isEmpty();
    }

    @Test
    void a_rest_that_ends_early_makes_the_next_no_longer_than_a_turn() throws Exception {
        restsFor = 10;
        turn();
        turn();
        turn();
        assertThat(rests).containsExactly(TURN, TURN);
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void the_mint_loop_still_runs_tasks_and_timers(Transport transport) throws Exception {
        EventLoopGroup loop = MintLoop.create(transport.isAvailable() ? transport : Transport.NIO);
        try {
            for (int task = 0; task < 20; task++) {
                loop.submit(() -> {}).get(10, TimeUnit.SECONDS);
                loop.schedule(() -> {}, 1, TimeUnit.NANOSECONDS).get(10, TimeUnit.SECONDS);
            }
        } finally {
            loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
        }
    }

    private int turn() throws Exception {
        return select.calculateStrategy(() -> READY, false);
    }
}
