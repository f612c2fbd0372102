package dev.valifyproxy;

import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.exchange.Admission;
import dev.valifyproxy.exchange.ReplayMemory;
import dev.valifyproxy.listener.BindFailure;
import dev.valifyproxy.listener.Listener;
import dev.valifyproxy.worker.Workers;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    /** What event loops may take to end; they end within a twentieth of a second. */
    private static final Duration LAST_LOOPS = Duration.ofSeconds(5);

    private final ProxyConfig config;
    private final Workers workers;
    private final Listener listener;
    private final List<Account> accounts;
    private final Minting minting;
    private final Admission admission;
    private final ReplayMemory replayMemory;
    private volatile boolean draining;

    Proxy(
            ProxyConfig config,
            Workers workers,
            Listener listener,
            List<Account> accounts,
            Minting minting,
            Admission admission,
            ReplayMemory replayMemory) {
        this.config = config;
        this.workers = workers;
        this.listener = listener;
        this.accounts = List.copyOf(accounts);
        this.minting = minting;
        this.admission = admission;
        this.replayMemory = replayMemory;
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
        accounts.forEach(account -> account.pool().start());
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
                admission.inProgress(),
                listener.connections(),
                replayMemory.taken(),
                accounts.stream().map(Account::status).toList());
    }

    /**
     * Mints with the credentials that this configuration has for each profile from now on; all else in it is left alone, a profile that is
     * new or gone among it. Tokens of the old ones are used up or dropped, as the configuration that it was started with says. Nothing
     * changes for tokens from an embedder's own source.
     *
     * @return whether any differ from those so far
     * @throws IllegalArgumentException if a profile's are for another token URL; then nothing has changed for any
     */
    public synchronized boolean switchCredentials(ProxyConfig next) {
        accounts.forEach(account -> account.requireSameEndpoint(next));
        boolean differ = false;
        for (Account account : accounts) {
            differ |= account.switchCredentials(next);
        }
        return differ;
    }

    /** Whether every event loop turns. */
    public boolean isLive() {
        return workers.areTurning();
    }

    /**
     * Whether it should be sent calls: not in the drain, nor while a profile could not serve them, for want of a first token or because its
     * credentials are refused.
     */
    public Readiness readiness() {
        if (draining) {
            return new Readiness(false, "draining");
        }
        Map<String, Readiness> profiles = new LinkedHashMap<>();
        accounts.forEach(account -> profiles.put(account.name(), account.readiness()));
        return Readiness.ofAll(profiles);
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
        accounts.forEach(Account::close);
        minting.close();
        // Bounded: over io_uring, Netty 4.2.18 can wait for ever for a last completion, and whoever stops a proxy must
        // get away.
        workers.close().awaitUninterruptibly(LAST_LOOPS.toMillis());
    }
}
