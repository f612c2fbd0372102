package dev.valifyproxy.server.log;

import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.PoolListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The audit log of mints: a line for each that ends, with nothing of the token or of the credentials in it. Each value is a field of the
 * event too, for a format that has fields. Any thread.
 */
public final class MintLog implements PoolListener {

    /** The logger of these lines and of no others, at INFO; its level does not follow {@code log.level}. */
    public static final String LOGGER = "dev.valifyproxy.audit";

    private static final Logger log = LoggerFactory.getLogger(LOGGER);
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private final String account;
    private final Clock clock;

    /**
     * For the pool of one account.
     *
     * @param account what the operator calls it
     * @param clock tells the wall time, which is written down and decides nothing
     */
    public MintLog(String account, Clock clock) {
        this.account = account;
        this.clock = clock;
    }

    @Override
    public void minted(Duration latency, Duration lifetime) {
        Instant now = clock.instant();
        // A token's life begins when it is asked for.
        String expires = MILLIS.format(now.minus(latency).plus(lifetime));
        event(now, "minted", latency)
                .addKeyValue("lifetime_s", lifetime.toSeconds())
                .addKeyValue("expires", expires)
                .log(
                        "{}: minted at {} in {} ms, lives {} s, until {}",
                        account,
                        MILLIS.format(now),
                        latency.toMillis(),
                        lifetime.toSeconds(),
                        expires);
    }

    @Override
    public void mintFailed(MintOutcome.Failed failure, Duration latency) {
        Instant now = clock.instant();
        String kind = failure.kind().name().toLowerCase(Locale.ROOT);
        event(now, kind, latency)
                .addKeyValue("reason", failure.reason())
                .log(
                        "{}: not minted at {} after {} ms, {}: {}",
                        account,
                        MILLIS.format(now),
                        latency.toMillis(),
                        kind,
                        failure.reason());
    }

    private LoggingEventBuilder event(Instant now, String outcome, Duration latency) {
        return log.atInfo()
                .addKeyValue("account", account)
                .addKeyValue("at", MILLIS.format(now))
                .addKeyValue("outcome", outcome)
                .addKeyValue("latency_ms", latency.toMillis());
    }
}
