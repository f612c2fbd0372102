package dev.valifyproxy;

import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.exchange.Admission;
import dev.valifyproxy.exchange.ReplayMemory;
import dev.valifyproxy.listener.BindFailure;
import dev.valifyproxy.listener.Listener;
import dev.valifyproxy.oauth.OAuthTokenSource;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.upstream.Upstream;
import dev.valifyproxy.worker.Workers;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy. Any thread but an event loop's.
 *
 * <pre>{@code
 * ProxyConfig config = ProxyConfig.from(ConfigFactory.load());
 * try (Proxy proxy = Proxy.builder(config).start()) {
 *     client.baseUrl(proxy.uri());
 * }
 * }</pre>
 */
public final class Proxy implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Proxy.class);

    /** What calls that were cut off may take to send their answers. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final ProxyConfig config;
    private final Workers workers;
    private final Listener listener;
    private final Upstream upstream;
    private final TokenPool pool;
    private final Minting minting;
    private final Admission admission;
    private final ReplayMemory replayMemory;
    private final @Nullable CredentialsInUse credentials;
    private volatile boolean draining;

    Proxy(
            ProxyConfig config,
            Workers workers,
            Listener listener,
            Upstream upstream,
            TokenPool pool,
            Minting minting,
            Admission admission,
            ReplayMemory replayMemory) {
        this.config = config;
        this.workers = workers;
        this.listener = listener;
        this.upstream = upstream;
        this.pool = pool;
        this.minting = minting;
        this.admission = admission;
        this.replayMemory = replayMemory;
        this.credentials = minting.source() instanceof OAuthTokenSource ours
                ? new CredentialsInUse(pool, config.oauth(), ours)
                : null;
    }

    /** Begins to describe a proxy of this configuration. */
    public static ProxyBuilder builder(ProxyConfig config) {
        return new ProxyBuilder(config);
    }

    /** Listens and mints from now on; if it cannot listen, nothing is left running. */
    void start() {
        try {
            listener.bind();
        } catch (BindFailure e) {
            closeRooms();
            throw e;
        }
        pool.start();
    }

    /** Where it listens, for a client on this machine. */
    public URI uri() {
        InetSocketAddress address = listener.address();
        String host = address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    /** The port it listens on. */
    public int port() {
        return listener.address().getPort();
    }

    /** How sockets are driven: {@code io_uring}, {@code epoll} or {@code nio}. */
    public String transport() {
        return workers.transport().label();
    }

    /** A moment's numbers. */
    public StatusReport status() {
        return new StatusReport(
                admission.inProgress(), listener.connections(), replayMemory.taken(), pool.stats(), upstream.stats());
    }

    /**
     * Mints with the credentials of this configuration from now on; all else in it is left alone. Tokens of the old ones are used up or
     * dropped, as the configuration that it was started with says. Nothing changes for tokens from an embedder's own source.
     *
     * @return whether they differ from those so far
     * @throws IllegalArgumentException if they are for another token URL; then nothing has changed
     */
    public synchronized boolean switchCredentials(ProxyConfig next) {
        if (credentials == null) {
            return false;
        }
        credentials.requireSameEndpoint(next.oauth());
        return credentials.switchTo(next.oauth());
    }

    /** Whether every event loop turns. */
    public boolean isLive() {
        return workers.areTurning();
    }

    /**
     * Whether it should be sent calls: not before the first token (with a floor of 0, as long as no mint has failed), not while the
     * credentials are refused, not in the drain. An identity endpoint that fails later leaves it ready, since calls are better answered
     * here than refused at the door; and so do credentials that are new and unproven, while tokens of the old ones last.
     */
    public Readiness readiness() {
        PoolStats stats = pool.stats();
        String failure = stats.lastFailure() == null ? "" : stats.lastFailure().reason();
        if (draining) {
            return new Readiness(false, "draining");
        }
        boolean hasTokens = stats.readyUses() > 0; // of the credentials before these, if these have brought none
        return switch (stats.state()) {
            case CREDENTIALS_REFUSED -> new Readiness(false, "the credentials are refused: " + failure);
            case UNPROVEN ->
                new Readiness(
                        config.pool().floor() == 0 || hasTokens, "no token of these credentials has been minted yet");
            case BACKING_OFF -> new Readiness(stats.proven() || hasTokens, "minting fails: " + failure);
            case HEALTHY -> new Readiness(true, "ready");
        };
    }

    /**
     * Goes out of service without losing a call: not ready at once, then everything is served as before for {@code server.drain-delay},
     * then no connection is accepted any more and those open end with their answers. Returns when none is left, at the latest shortly after
     * {@code patience}, when what is still on is cut off with an answer.
     */
    public void drain(Duration patience) throws InterruptedException {
        draining = true;
        TimeUnit.NANOSECONDS.sleep(config.drainDelay().toNanos());
        listener.stopAccepting();
        if (!listener.awaitNoConnections(patience)) {
            log.warn("{} calls were still in progress after {} and are cut off", admission.inProgress(), patience);
            listener.cutOff();
            listener.awaitNoConnections(LAST_WORDS);
        }
    }

    /** Stops at once; calls in progress are cut off. */
    @Override
    public void close() {
        listener.close();
        closeRooms();
    }

    private void closeRooms() {
        pool.close();
        upstream.close();
        minting.close();
        workers.close().awaitUninterruptibly();
    }
}
