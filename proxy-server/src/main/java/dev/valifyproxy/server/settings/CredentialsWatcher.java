package dev.valifyproxy.server.settings;

import dev.valifyproxy.config.InvalidConfigException;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.secret.Secret;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices new credentials in the files that the configuration read them from, such as those of a mounted Kubernetes Secret, and has them
 * taken up.
 *
 * <p>It looks at what the files hold, every few seconds, on a thread of its own, since a network volume may hang. No event of the file
 * system tells as much: a Secret's files are links whose target is swapped as a whole, and changes made by another machine cause no event
 * on this one.
 *
 * <p>What has changed is taken up once two looks in a row saw the same: not a file that somebody is still writing, nor a new user name
 * with the old password.
 */
public final class CredentialsWatcher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CredentialsWatcher.class);

    /** Much shorter than what a Secret takes to reach a node, and a look costs some reads of a few bytes. */
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final List<Path> files;
    private final Supplier<ServerConfig> again;
    private final Predicate<ProxyConfig> takeUp;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("credentials", true));

    /** What the files held at the last look. At first nothing: they may have changed since the configuration was read. */
    private List<Optional<Secret>> seen = List.of();

    /** What they held when credentials were taken from them. */
    private List<Optional<Secret>> taken = List.of();

    private String complaint = "";

    /**
     * Does nothing by itself until {@link #start()}.
     *
     * @param files that hold a credential each; of these a pipe, which gives its content once only, is not looked at
     * @param again reads the configuration anew
     * @param takeUp mints with a configuration's credentials from now on; says whether these are new, and throws an {@link
     *     IllegalArgumentException}, whose message is for the log, if it cannot
     */
    public CredentialsWatcher(List<Path> files, Supplier<ServerConfig> again, Predicate<ProxyConfig> takeUp) {
        this.files = files.stream().filter(Files::isRegularFile).toList();
        this.again = again;
        this.takeUp = takeUp;
    }

    /** Looks every 2 s from now on, if there is anything to look at. */
    public void start() {
        if (!files.isEmpty()) {
            thread.scheduleWithFixedDelay(this::lookAndGoOn, PERIOD.toNanos(), PERIOD.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Looks no more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** An exception would end the looks for good. */
    private void lookAndGoOn() {
        try {
            look();
        } catch (RuntimeException bug) {
            log.error("looking for new credentials failed", bug);
        }
    }

    /** One look; reads files. One thread at a time. */
    public void look() {
        List<Optional<Secret>> now = contents();
        if (now.equals(taken)) {
            complaint = "";
        } else if (now.equals(seen)) {
            take(now);
        }
        seen = now;
    }

    private List<Optional<Secret>> contents() {
        return files.stream().map(SecretFile::contentOf).toList();
    }

    /** Should the configuration be invalid now, each further look tries again, and one warning tells it. */
    private void take(List<Optional<Secret>> contents) {
        try {
            ProxyConfig read = again.get().proxy();
            if (!read.equals(again.get().proxy()) || !contents.equals(contents())) {
                return; // somebody writes just now
            }
            if (takeUp.test(read)) {
                log.info("new credentials were read from {}", files);
            }
            taken = contents;
            complaint = "";
        } catch (InvalidConfigException e) {
            complain(String.join("; ", e.problems()));
        } catch (IllegalArgumentException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    private void complain(String why) {
        if (!why.equals(complaint)) {
            if (taken.isEmpty()) {
                log.warn("the configuration cannot be read again, so new credentials would not be taken up: {}", why);
            } else {
                log.warn("the credentials' files have changed, but the old credentials stay in use: {}", why);
            }
            complaint = why;
        }
    }
}
