package dev.valifyproxy.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintOutcome.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MintLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(MintLog.LOGGER);
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final MintLog log =
            new MintLog("default", Clock.fixed(Instant.parse("2026-03-29T00:59:59.900Z"), ZoneId.of("Africa/Cairo")));

    @BeforeEach
    void listen() {
        written.start();
        logger.addAppender(written);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(written);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private String line() {
        assertThat(written.list).hasSize(1);
        return written.list.get(0).getFormattedMessage();
    }

    private String fields() {
        return String.valueOf(written.list.get(0).getKeyValuePairs());
    }

    @Test
    void a_minted_token_is_one_line_with_its_expiry_counted_from_when_it_was_asked_for() {
        log.minted(Duration.ofMillis(150), Duration.ofMinutes(10));

        assertThat(line())
                .isEqualTo("default: minted at 2026-03-29T00:59:59.900Z in 150 ms, lives 600 s, until"
                        + " 2026-03-29T01:09:59.750Z");
    }

    @Test
    void what_the_line_says_of_a_minted_token_is_fields_too() {
        log.minted(Duration.ofMillis(150), Duration.ofMinutes(10));

        assertThat(fields())
                .isEqualTo("[account=\"default\", at=\"2026-03-29T00:59:59.900Z\", outcome=\"minted\","
                        + " latency_ms=\"150\", lifetime_s=\"600\", expires=\"2026-03-29T01:09:59.750Z\"]");
    }

    @Test
    void a_failed_mint_is_one_line_with_its_kind_and_reason() {
        log.mintFailed(MintOutcome.Failed.of(Kind.SERVER_ERROR, "the token URL answered 500"), Duration.ofSeconds(2));

        assertThat(line())
                .isEqualTo("default: not minted at 2026-03-29T00:59:59.900Z after 2000 ms, server_error:"
                        + " the token URL answered 500");
        assertThat(fields())
                .isEqualTo("[account=\"default\", at=\"2026-03-29T00:59:59.900Z\", outcome=\"server_error\","
                        + " latency_ms=\"2000\", reason=\"the token URL answered 500\"]");
    }
}
