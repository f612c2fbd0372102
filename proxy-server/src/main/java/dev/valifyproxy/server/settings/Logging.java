package dev.valifyproxy.server.settings;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.valifyproxy.server.log.MintLog;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Puts {@link LogSettings} on top of the packed logback.xml. */
public final class Logging {

    /** What these say below INFO holds heads and buffers, so tokens and faces. */
    private static final List<String> NEVER_BELOW_INFO = List.of("org.asynchttpclient", "io.netty");

    private Logging() {}

    /** Applies them to the program's logging. */
    public static void apply(LogSettings settings) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            apply(settings, context);
        }
    }

    /** Applies level and format; a user's own Logback file, which has no appender of our name, is left as it is. */
    static void apply(LogSettings settings, LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (!(root.getAppender("stdout") instanceof ConsoleAppender<ILoggingEvent> stdout)) {
            return;
        }
        Level level = Level.convertAnSLF4JLevel(settings.level());
        root.setLevel(level);
        Level quiet = level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO;
        NEVER_BELOW_INFO.forEach(name -> context.getLogger(name).setLevel(quiet));
        if (settings.mints()) {
            context.getLogger(MintLog.LOGGER).setLevel(Level.INFO);
        }
        if (settings.format() == LogSettings.Format.JSON) {
            stdout.setEncoder(jsonEncoder(context));
        }
    }

    private static JsonEncoder jsonEncoder(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMDC(false);
        encoder.setWithMarkers(false);
        // The message as people read it; template and arguments would say the same twice.
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }
}
