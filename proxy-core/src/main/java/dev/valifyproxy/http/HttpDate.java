package dev.valifyproxy.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The present moment as a {@code Date} field wants it (RFC 9110 §5.6.7), written anew once a second. Confined to one event loop. */
public final class HttpDate {

    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final LongSupplier epochMillis;
    private long second = Long.MIN_VALUE;
    private String text = "";

    /** Reads the wall clock from {@code epochMillis}. */
    public HttpDate(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
    }

    /** The field's value now. */
    public String now() {
        long now = Math.floorDiv(epochMillis.getAsLong(), 1_000L);
        if (now != second) {
            second = now;
            text = IMF_FIXDATE.format(Instant.ofEpochSecond(now));
        }
        return text;
    }
}
