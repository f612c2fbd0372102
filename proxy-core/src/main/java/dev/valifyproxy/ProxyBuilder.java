package dev.valifyproxy;

import dev.valifyproxy.clientauth.LocalTokenEndpoint;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.exchange.Admission;
import dev.valifyproxy.exchange.CallListener;
import dev.valifyproxy.exchange.ExchangeHandler;
import dev.valifyproxy.exchange.Generation;
import dev.valifyproxy.exchange.ReplayMemory;
import dev.valifyproxy.exchange.UpstreamHandler;
import dev.valifyproxy.http.LocationRewrite;
import dev.valifyproxy.injection.RejectionRules;
import dev.valifyproxy.injection.TokenInjectionHandler;
import dev.valifyproxy.injection.UseScopes;
import dev.valifyproxy.listener.Listener;
import dev.valifyproxy.metrics.CallMeters;
import dev.valifyproxy.metrics.PoolMeters;
import dev.valifyproxy.metrics.RuntimeMeters;
import dev.valifyproxy.metrics.UpstreamMeters;
import dev.valifyproxy.token.PoolListener;
import dev.valifyproxy.token.ReplayBudget;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.token.TokenSource;
import dev.valifyproxy.upstream.Upstream;
import dev.valifyproxy.worker.Workers;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.AsciiString;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Describes a proxy, then starts it: wires the rooms, nothing else. Not safe for several threads. */
public final class ProxyBuilder {

    private final ProxyConfig config;
    private final List<PoolListener> poolListeners = new ArrayList<>(List.of(new PoolLog()));
    private CallListener callListener = CallListener.NONE;
    private @Nullable TokenSource ownSource;
    private @Nullable MeterRegistry registry;

    ProxyBuilder(ProxyConfig config) {
        this.config = config;
    }

    /** Tokens come from here instead of the configured token endpoint. */
    public ProxyBuilder tokenSource(TokenSource source) {
        ownSource = source;
        return this;
    }

    /** Meters are registered here; without, nothing is measured. */
    public ProxyBuilder meterRegistry(MeterRegistry meters) {
        registry = meters;
        return this;
    }

    /** Hears of each call's end. */
    public ProxyBuilder callListener(CallListener listener) {
        callListener = callListener == CallListener.NONE ? listener : callListener.andThen(listener);
        return this;
    }

    /** Hears of what happens in the token pool. */
    public ProxyBuilder poolListener(PoolListener listener) {
        poolListeners.add(listener);
        return this;
    }

    /**
     * Starts it; when this returns, it listens.
     *
     * @throws dev.valifyproxy.listener.BindFailure if it cannot listen where it is told to
     * @throws IllegalArgumentException if the transport does not work here
     */
    public Proxy start() {
        Workers workers = new Workers(config.workers(), System::nanoTime);
        Minting minting = Minting.of(config.oauth(), workers.transport(), ownSource);
        AtomicReference<Generation> current = new AtomicReference<>();
        Listener listener = new Listener(
                config.listener(), config.http1(), workers, worker -> new ExchangeHandler(worker, current::get));
        Admission admission = new Admission(config.exchange().maxRequests());
        PoolMeters poolMeters = meters(workers, listener, admission);
        TokenPool pool = new TokenPool(
                config.pool(),
                minting.source(),
                minting.thread(),
                System::nanoTime,
                RandomGenerator.getDefault(),
                new PoolListeners(poolListeners));
        RejectionRules rejections = new RejectionRules(config.rejection());
        UseScopes scopes = new UseScopes(config.useScopes());
        Upstream upstream = new Upstream(
                config.upstream(),
                config.http1(),
                workers,
                pipeline -> pipeline.addLast("token-injection", new TokenInjectionHandler(pool, rejections, scopes))
                        .addLast("upstream", new UpstreamHandler()));
        if (registry != null && poolMeters != null) {
            poolMeters.bind(pool::stats);
            UpstreamMeters.bind(registry, upstream::stats);
        }
        Generation generation = generation(upstream, admission);
        current.set(generation);
        Proxy proxy = new Proxy(config, workers, listener, upstream, pool, minting, admission, generation.memory());
        proxy.start();
        return proxy;
    }

    private @Nullable PoolMeters meters(Workers workers, Listener listener, Admission admission) {
        if (registry == null) {
            return null;
        }
        callListener(new CallMeters(registry, admission::inProgress, listener::connections));
        RuntimeMeters.bind(registry, Version.current(), workers.transport().label());
        PoolMeters poolMeters = new PoolMeters(registry);
        poolListeners.add(poolMeters);
        return poolMeters;
    }

    private Generation generation(Upstream upstream, Admission admission) {
        URI baseUrl = config.upstream().baseUrl();
        return new Generation(
                config.exchange(),
                upstream,
                host(baseUrl),
                new LocationRewrite(baseUrl),
                new LocalTokenEndpoint(config.clientAuth()),
                new ReplayBudget(),
                new ReplayMemory(config.exchange().maxReplayMemory()),
                admission,
                callListener);
    }

    /** The {@code Host} of the upstream: without the port where it is the scheme's own (RFC 9110 §7.2). */
    private static AsciiString host(URI baseUrl) {
        int port = baseUrl.getPort();
        boolean isDefault = port < 0 || port == (baseUrl.getScheme().equalsIgnoreCase("https") ? 443 : 80);
        return AsciiString.of(isDefault ? baseUrl.getHost() : baseUrl.getHost() + ":" + port);
    }
}
