package dev.valifyproxy;

import dev.valifyproxy.clientauth.LocalTokenEndpoint;
import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.exchange.Admission;
import dev.valifyproxy.exchange.CallListener;
import dev.valifyproxy.exchange.ExchangeHandler;
import dev.valifyproxy.exchange.Generation;
import dev.valifyproxy.exchange.ProfileMatcher;
import dev.valifyproxy.exchange.ReplayMemory;
import dev.valifyproxy.exchange.UpstreamHandler;
import dev.valifyproxy.injection.RejectionRules;
import dev.valifyproxy.injection.TokenInjectionHandler;
import dev.valifyproxy.injection.UseScopes;
import dev.valifyproxy.listener.ConnectionLimit;
import dev.valifyproxy.listener.Listener;
import dev.valifyproxy.metrics.CallMeters;
import dev.valifyproxy.metrics.ClientMeters;
import dev.valifyproxy.metrics.PoolMeters;
import dev.valifyproxy.metrics.RuntimeMeters;
import dev.valifyproxy.metrics.UpstreamMeters;
import dev.valifyproxy.oauth.OAuthTokenSource;
import dev.valifyproxy.token.PoolListener;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.token.TokenSource;
import dev.valifyproxy.upstream.Upstream;
import dev.valifyproxy.worker.Workers;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelPipeline;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Describes a proxy, then starts it: wires the rooms, nothing else. Not safe for several threads. */
public final class ProxyBuilder {

    private final ProxyConfig config;
    private final Map<String, TokenSource> ownSources = new HashMap<>();
    private final Map<String, List<PoolListener>> poolListeners = new HashMap<>();
    private CallListener callListener = CallListener.NONE;
    private @Nullable MeterRegistry registry;
    private @Nullable AddressResolverGroup<InetSocketAddress> names;

    ProxyBuilder(ProxyConfig config) {
        this.config = config;
    }

    /**
     * Tokens of a profile come from here instead of its configured token endpoint.
     *
     * @param profile by its name; {@code default} where none has been given one
     * @throws IllegalArgumentException if there is no such profile
     */
    public ProxyBuilder tokenSource(String profile, TokenSource source) {
        ownSources.put(existing(profile), source);
        return this;
    }

    /** Meters are registered here; without, nothing is measured. */
    public ProxyBuilder meterRegistry(MeterRegistry meters) {
        registry = meters;
        return this;
    }

    /**
     * Names of upstreams and of egress proxies are resolved by this for calls, in place of the name servers that this machine is told to
     * ask; it must not block. It is closed with the proxy.
     */
    public ProxyBuilder nameResolver(AddressResolverGroup<InetSocketAddress> resolver) {
        names = resolver;
        return this;
    }

    /** Hears of each call's end. */
    public ProxyBuilder callListener(CallListener listener) {
        callListener = callListener == CallListener.NONE ? listener : callListener.andThen(listener);
        return this;
    }

    /**
     * Hears of what happens in the token pool of a profile.
     *
     * @throws IllegalArgumentException if there is no such profile
     */
    public ProxyBuilder poolListener(String profile, PoolListener listener) {
        poolListeners
                .computeIfAbsent(existing(profile), name -> new ArrayList<>())
                .add(listener);
        return this;
    }

    private String existing(String profile) {
        List<String> names = config.profiles().stream().map(ProfileConfig::name).toList();
        if (!names.contains(profile)) {
            throw new IllegalArgumentException("no profile " + profile + ": there are " + names);
        }
        return profile;
    }

    /**
     * Starts it; when this returns, it listens.
     *
     * @throws dev.valifyproxy.listener.BindFailure if it cannot listen where it is told to
     * @throws IllegalArgumentException if the transport does not work here
     */
    public Proxy start() {
        Workers workers = new Workers(config.workers(), System::nanoTime);
        Minting minting = Minting.on(workers.transport());
        AtomicReference<Generation> current = new AtomicReference<>();
        Listener listener = new Listener(
                config.listener(), config.http1(), workers, worker -> new ExchangeHandler(worker, current::get));
        Admission admission = new Admission(config.exchange().maxRequests());
        if (registry != null) {
            callListener(new CallMeters(registry, admission::inProgress));
            ClientMeters.bind(
                    registry,
                    listener::connections,
                    () -> listener.refused(ConnectionLimit.TOTAL),
                    () -> listener.refused(ConnectionLimit.SOURCE),
                    listener::writeTimeouts);
            RuntimeMeters.bind(registry, Version.current(), workers.transport().label());
        }
        List<Account> accounts = config.profiles().stream()
                .map(profile -> account(profile, workers, minting))
                .toList();
        Generation generation = generation(accounts, admission);
        current.set(generation);
        Proxy proxy = new Proxy(config, workers, listener, accounts, minting, admission, generation.memory());
        proxy.start();
        return proxy;
    }

    private Account account(ProfileConfig profile, Workers workers, Minting minting) {
        TokenSource source = ownSources.get(profile.name());
        CredentialsInUse credentials = null;
        if (source == null) {
            OAuthTokenSource ours = new OAuthTokenSource(profile.oauth(), minting.loop());
            credentials = new CredentialsInUse(profile.oauth().credentials(), ours);
            source = ours;
        }
        PoolMeters meters = registry == null ? null : new PoolMeters(registry, profile.name());
        TokenPool pool = new TokenPool(
                profile.pool(),
                source,
                minting.thread(),
                System::nanoTime,
                InstantSource.system(),
                RandomGenerator.getDefault(),
                listeners(profile.name(), meters));
        Upstream upstream = upstream(profile, pool, workers);
        if (registry != null && meters != null) {
            meters.bind(pool::stats);
            UpstreamMeters.bind(registry, profile.name(), upstream::stats);
        }
        return new Account(profile, credentials, pool, upstream);
    }

    private Upstream upstream(ProfileConfig profile, TokenPool pool, Workers workers) {
        RejectionRules rejections = new RejectionRules(profile.rejection());
        UseScopes scopes = new UseScopes(profile.useScopes());
        Consumer<ChannelPipeline> tail =
                pipeline -> pipeline.addLast("token-injection", new TokenInjectionHandler(pool, rejections, scopes))
                        .addLast("upstream", new UpstreamHandler());
        return names == null
                ? new Upstream(profile.upstream(), config.http1(), workers, tail)
                : new Upstream(profile.upstream(), config.http1(), workers, tail, names);
    }

    private PoolListener listeners(String profile, @Nullable PoolMeters meters) {
        List<PoolListener> all = new ArrayList<>();
        all.add(config.profiles().size() == 1 ? PoolLog.ofTheOnlyOne() : PoolLog.of(profile));
        all.addAll(poolListeners.getOrDefault(profile, List.of()));
        if (meters != null) {
            all.add(meters);
        }
        return new PoolListeners(all);
    }

    private Generation generation(List<Account> accounts, Admission admission) {
        return new Generation(
                config.exchange(),
                new ProfileMatcher(accounts.stream().map(Account::profile).toList()),
                new LocalTokenEndpoint(config.clientAuth()),
                new ReplayMemory(config.exchange().maxReplayMemory()),
                admission,
                callListener);
    }
}
