package dev.valifyproxy.bench.soak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/**
 * Counts what the proxy logs as an error, each of which is a bug: no fault of the upstream's or a client's is logged so. Keeps its lesser
 * news, of which there would be thousands, from being printed.
 */
final class ErrorLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final Logger watched;

    private ErrorLog(Logger watched) {
        this.watched = watched;
    }

    /** Listens from now on. */
    static ErrorLog attach() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        ErrorLog log = new ErrorLog(context.getLogger("dev.valifyproxy"));
        log.setContext(context);
        log.start();
        log.watched.setLevel(Level.ERROR);
        log.watched.addAppender(log);
        return log;
    }

    @Override
    protected void append(ILoggingEvent event) {
        IThrowableProxy cause = event.getThrowableProxy();
        String text = event.getFormattedMessage() + (cause == null ? "" : ": " + cause.getClassName());
        counts.merge(text, 1, Integer::sum);
    }

    /** How often each was logged. */
    Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    @Override
    public void close() {
        watched.detachAppender(this);
        watched.setLevel(null);
    }
}
