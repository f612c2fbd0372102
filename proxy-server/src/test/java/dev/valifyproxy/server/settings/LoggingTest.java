package dev.valifyproxy.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoggingTest {

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void configure_from_the_packed_file() throws JoranException {
        context.setMDCAdapter(new LogbackMDCAdapter());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LoggingTest.class.getResource("/logback.xml"));
        ((OutputStreamAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("stdout")).setOutputStream(out);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private String logged() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void apply(org.slf4j.event.Level level, LogSettings.Format format) {
        Logging.apply(new LogSettings(level, format, false), context);
    }

    @Test
    void text_is_one_line_an_event() {
        apply(org.slf4j.event.Level.INFO, LogSettings.Format.TEXT);
        context.getLogger("dev.valifyproxy.Proxy").info("one\r\ntwo {}", 3);

        assertThat(logged()).matches("[0-9-]{10}T[0-9:.]{12}\\S+ INFO  Proxy - one two 3\n");
    }

    @Test
    void a_failure_takes_two_lines_more_and_not_the_whole_stack() {
        apply(org.slf4j.event.Level.INFO, LogSettings.Format.TEXT);
        context.getLogger("x").warn("no token", new IllegalStateException("down"));

        assertThat(logged().lines()).hasSizeBetween(2, 4).element(1).isEqualTo("java.lang.IllegalStateException: down");
    }

    @Test
    void json_is_one_object_a_line_with_the_message_as_people_read_it() {
        apply(org.slf4j.event.Level.INFO, LogSettings.Format.JSON);
        context.getLogger("dev.valifyproxy.Proxy").info("one\ntwo {}", 3);

        assertThat(logged()).matches("\\{\"timestamp\":[0-9]+,.*\"formattedMessage\":\"one\\\\ntwo 3\".*}\n");
        assertThat(logged()).contains("\"level\":\"INFO\"", "\"loggerName\":\"dev.valifyproxy.Proxy\"");
    }

    @ParameterizedTest
    @CsvSource({
        "TRACE, TRACE, INFO",
        "DEBUG, DEBUG, INFO",
        "INFO, INFO, INFO",
        "WARN, WARN, WARN",
        "ERROR, ERROR, ERROR"
    })
    void the_level_is_that_of_everything_but_what_would_log_heads(
            org.slf4j.event.Level level, String ours, String theirs) {
        apply(level, LogSettings.Format.TEXT);

        assertThat(context.getLogger("dev.valifyproxy.Proxy").getEffectiveLevel())
                .isEqualTo(Level.valueOf(ours));
        assertThat(context.getLogger("io.netty.handler.ssl").getEffectiveLevel())
                .isEqualTo(Level.valueOf(theirs));
        assertThat(context.getLogger("org.asynchttpclient.netty.channel").getEffectiveLevel())
                .isEqualTo(Level.valueOf(theirs));
    }

    @ParameterizedTest
    @EnumSource(org.slf4j.event.Level.class)
    void mints_are_written_down_whatever_the_level_and_only_if_asked_for(org.slf4j.event.Level level) {
        apply(level, LogSettings.Format.TEXT);
        assertThat(context.getLogger("dev.valifyproxy.audit").getLevel()).isNull();

        Logging.apply(new LogSettings(level, LogSettings.Format.TEXT, true), context);
        context.getLogger("dev.valifyproxy.audit").info("default: minted");

        assertThat(logged()).endsWith(" INFO  audit - default: minted\n");
    }

    @Test
    void json_has_the_fields_of_an_event_beside_its_message() {
        apply(org.slf4j.event.Level.INFO, LogSettings.Format.JSON);
        context.getLogger("x").atInfo().addKeyValue("latency_ms", 150).log("minted");

        assertThat(logged()).contains("\"formattedMessage\":\"minted\"", "{\"latency_ms\":\"150\"}");
    }

    @Test
    void a_logback_file_of_the_users_own_is_left_as_it_is() {
        context.getLogger("ROOT").detachAppender("stdout");
        apply(org.slf4j.event.Level.TRACE, LogSettings.Format.JSON);

        assertThat(context.getLogger("ROOT").getLevel()).isEqualTo(Level.INFO);
    }
}
