package dev.valifyproxy.listener;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line when connections begin to be refused, then one a minute at the most, however many there are. One thread only. */
final class RefusalLog {

    private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private long lastLineAt;
    private long sinceLastLine;
    private boolean anyLine;

    RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** One more connection was refused, because of this limit. */
    void refused(ConnectionLimit limit) {
        sinceLastLine++;
        long now = nanoTime.getAsLong();
        if (anyLine && now - lastLineAt < PAUSE_NANOS) {
            return;
        }
        if (anyLine) {
            log.warn(
                    "{} more client connections were refused, the last because {} is reached",
                    sinceLastLine,
                    limit.key());
        } else {
            log.warn("a client connection was refused because {} is reached", limit.key());
        }
        anyLine = true;
        lastLineAt = now;
        sinceLastLine = 0;
    }
}
