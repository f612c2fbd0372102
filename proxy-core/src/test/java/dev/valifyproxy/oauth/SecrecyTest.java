package dev.valifyproxy.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.testing.TestConfig;
import dev.valifyproxy.tls.TlsSettings;
import dev.valifyproxy.token.LeaseReceiver;
import dev.valifyproxy.token.PoolListener;
import dev.valifyproxy.token.PoolSettings;
import dev.valifyproxy.token.Shortage;
import dev.valifyproxy.token.TokenLease;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.worker.Transport;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** A source and a pool on its loop, with all that they print, at every library's debug level. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SecrecyTest {

    private static final String TOKEN = "t0p-s3cr3t-t0ken";
    private static final String PASSWORD = "hunter2-p4ssw0rd";
    private static final String CLIENT_SECRET = "cl13nt-s3cr3t";

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final Appender<ILoggingEvent> console = root.getAppender("console");
    private final List<String> printed = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> everything = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            printed.add(event.getThreadName() + " " + event.getLoggerName() + " " + event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                printed.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
    };
    private final EventLoopGroup loop = MintLoop.create(Transport.best());

    @BeforeEach
    void listen() {
        everything.setContext(context);
        everything.start();
        root.detachAppender(console); // at debug level it would flood the output
        root.addAppender(everything);
        root.setLevel(Level.DEBUG);
    }

    @AfterEach
    void stop() throws InterruptedException {
        root.setLevel(before);
        root.detachAppender(everything);
        root.addAppender(console);
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
    }

    static Stream<String> answers() {
        String json = "application/json";
        String token = "{\"access_token\":\"" + TOKEN + "\"}";
        return Stream.of(
                RawServer.response(200, json, token),
                RawServer.response(200, json, token.replace("}", "")),
                RawServer.response(200, "text/html", "<p>" + PASSWORD),
                RawServer.response(400, json, "{\"error\":\"" + PASSWORD + "\"}"),
                RawServer.response(401, json, PASSWORD),
                RawServer.response(500, json, PASSWORD),
                TOKEN + PASSWORD + "%n%n");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void nothing_that_is_printed_holds_a_secret(String answer) throws Exception {
        try (RawServer server = RawServer.saying(answer);
                OAuthTokenSource source = new OAuthTokenSource(settings(server), loop);
                TokenPool pool = pool(source)) {
            CompletableFuture<TokenLease> came = new CompletableFuture<>();
            pool.await(0, new LeaseReceiver() {
                @Override
                public void acquired(TokenLease lease) {
                    printed.add(lease.toString());
                    came.complete(lease);
                }

                @Override
                public void unavailable(Shortage shortage) {
                    came.complete(null);
                }
            });
            came.get(20, TimeUnit.SECONDS);
            printed.add(pool.stats().toString());
            printed.add(settings(server).toString());
            printed.add(source.mint()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS)
                    .toString());
        }

        assertThat(printed).hasSizeGreaterThan(5);
        assertThat(String.join("\n", printed)).doesNotContain(PASSWORD, TOKEN, CLIENT_SECRET);
    }

    private TokenPool pool(OAuthTokenSource source) {
        PoolSettings settings =
                TestConfig.pool(3, Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofSeconds(10), 0, 1, 10);
        return new TokenPool(
                settings,
                source,
                loop.next(),
                System::nanoTime,
                InstantSource.system(),
                new Random(1),
                PoolListener.NONE);
    }

    private static OAuthSettings settings(RawServer server) {
        return new OAuthSettings(
                URI.create("http://localhost:" + server.port() + "/api/o/token/"),
                null,
                new Credentials(Secret.of("user"), Secret.of(PASSWORD), Secret.of("id"), Secret.of(CLIENT_SECRET)),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                Duration.ofHours(24),
                new TlsSettings(null));
    }
}
