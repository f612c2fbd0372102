package dev.valifyproxy.upstream;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.upstream.ConnectFailure.By;
import dev.valifyproxy.worker.Worker;
import dev.valifyproxy.worker.Workers;
import io.netty.channel.ChannelPipeline;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The origin that calls are forwarded to, and the connections to it: a pool per worker, bounded together. Any thread. */
public final class Upstream {

    private static final Logger log = LoggerFactory.getLogger(Upstream.class);

    private final UpstreamSettings settings;
    private final Http1Settings http1;
    private final Consumer<ChannelPipeline> tail;
    private final Connector connector;
    private final List<Worker> workers;
    private final List<ConnectionPool> pools = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder opened = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder failedAtEgressProxy = new LongAdder();
    private final AtomicBoolean reachable = new AtomicBoolean(true);

    /** For calls on these workers; {@code tail} adds the handlers that write a call and read its answer. */
    public Upstream(UpstreamSettings settings, Http1Settings http1, Workers workers, Consumer<ChannelPipeline> tail) {
        this(settings, http1, workers, tail, Connector.dns(settings, workers.transport()));
    }

    /** The same, with host names resolved by {@code names}, which is closed with this. */
    public Upstream(
            UpstreamSettings settings,
            Http1Settings http1,
            Workers workers,
            Consumer<ChannelPipeline> tail,
            AddressResolverGroup<InetSocketAddress> names) {
        this.settings = settings;
        this.http1 = http1;
        this.tail = tail;
        this.connector = new Connector(settings, workers.transport(), names);
        this.workers = workers.all();
        for (Worker worker : this.workers) {
            pools.add(new ConnectionPool(this, worker));
        }
    }

    /** The pool of this worker. */
    public ConnectionPool pool(Worker worker) {
        return pools.get(worker.index());
    }

    /** All pools; each is its own worker's. */
    List<ConnectionPool> pools() {
        return pools;
    }

    /** A moment's numbers. */
    public UpstreamStats stats() {
        int idle = 0;
        for (ConnectionPool pool : pools) {
            idle += pool.idleCount();
        }
        return new UpstreamStats(open.get(), idle, opened.sum(), failed.sum(), failedAtEgressProxy.sum());
    }

    /** Closes idle connections, and the others as their exchanges end. */
    public void close() {
        for (Worker worker : workers) {
            worker.loop().execute(pool(worker)::close);
        }
        connector.close();
    }

    /** Takes one of {@code upstream.max-connections}; false if none is left. */
    boolean reserve() {
        if (open.incrementAndGet() <= settings.maxConnections()) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void free() {
        open.decrementAndGet();
    }

    void opened() {
        opened.increment();
        if (!reachable.get() && reachable.compareAndSet(false, true)) {
            log.info("upstream {} can be reached again", settings.baseUrl());
        }
    }

    /** One line when it begins, not one for each call. */
    void connectFailed(ConnectFailure why) {
        boolean atProxy = why.by() == By.EGRESS_PROXY;
        (atProxy ? failedAtEgressProxy : failed).increment();
        if (reachable.compareAndSet(true, false)) {
            Failure failure = why.failure();
            String proxy = atProxy && settings.proxy() != null
                    ? ", egress proxy " + settings.proxy().address()
                    : "";
            String detail = failure.logText() == null ? "" : " (" + failure.logText() + ")";
            log.warn("upstream {}{}: {}{}", settings.baseUrl(), proxy, failure.clientText(), detail);
        }
    }

    Connector connector() {
        return connector;
    }

    Http1Settings http1() {
        return http1;
    }

    Consumer<ChannelPipeline> tail() {
        return tail;
    }

    long idleTimeoutNanos() {
        return settings.idleTimeout().toNanos();
    }

    long maxConnectionAgeNanos() {
        Duration age = settings.maxConnectionAge();
        return age == null ? Long.MAX_VALUE : age.toNanos();
    }
}
