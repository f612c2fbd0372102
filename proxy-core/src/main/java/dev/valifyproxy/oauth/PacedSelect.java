package dev.valifyproxy.oauth;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Lets an event loop turn no faster than this, as a network card moderates its interrupts: what comes while it rests is found together, and
 * costs nobody a wake-up. So thousands of mints a second do not each wake the mint thread and put another one off its processor. A loop
 * whose events are further apart than a turn never rests. Confined to its event loop, which has nothing to do while it rests but wait.
 */
final class PacedSelect implements SelectStrategy {

    private final long turnNanos;
    private final LongSupplier nanoTime;
    private final LongConsumer parkNanos;
    private long turnedAtNanos;

    /**
     * A strategy for one loop.
     *
     * @param turn how long a turn takes at least; so long at most an event or a task waits that comes to a resting loop
     */
    PacedSelect(Duration turn, LongSupplier nanoTime, LongConsumer parkNanos) {
        this.turnNanos = turn.toNanos();
        this.nanoTime = nanoTime;
        this.parkNanos = parkNanos;
        this.turnedAtNanos = nanoTime.getAsLong() - turnNanos;
    }

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (hasTasks) {
            return selectNow.get();
        }
        long rest = turnedAtNanos + turnNanos - nanoTime.getAsLong();
        if (rest > 0) {
            parkNanos.accept(rest);
        }
        turnedAtNanos = nanoTime.getAsLong();
        return SELECT;
    }
}
