package dev.valifyproxy.testing;

import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.clientauth.ClientAuthSettings;
import dev.valifyproxy.clientauth.ClientAuthSettings.TokenEndpoint;
import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.exchange.ExchangeSettings;
import dev.valifyproxy.exchange.ProfileMatch;
import dev.valifyproxy.exchange.Provenance;
import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.injection.RejectionRule;
import dev.valifyproxy.injection.RejectionSettings;
import dev.valifyproxy.injection.UseScopeSettings;
import dev.valifyproxy.listener.ListenerSettings;
import dev.valifyproxy.oauth.Credentials;
import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.tls.TlsSettings;
import dev.valifyproxy.token.LearnUses;
import dev.valifyproxy.token.PoolSettings;
import dev.valifyproxy.token.PoolSettings.MintBounds;
import dev.valifyproxy.upstream.UpstreamSettings;
import dev.valifyproxy.worker.Transport;
import dev.valifyproxy.worker.WorkerSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A proxy's settings with the defaults of the reference, to be changed field by field. */
public final class TestConfig {

    public URI upstream;
    public EgressProxy proxy;
    public TlsSettings tls = new TlsSettings(null);
    public Transport transport = Transport.named(
            System.getProperty("test.transport", Transport.best().label()));
    public int workers = 1;
    public int port;
    public int maxConnections = 10_000;
    public Integer maxConnectionsPerSource;
    public int maxUpstreamConnections = 1_024;
    public Duration upstreamIdle = Duration.ofSeconds(30);
    public Duration maxConnectionAge = Duration.ofMinutes(5);
    public Duration connect = Duration.ofSeconds(5);
    public Duration tlsHandshake = Duration.ofSeconds(5);
    public Duration requestHead = Duration.ofSeconds(15);
    public Duration requestIdle = Duration.ofSeconds(30);
    public int minUploadRate = 100;
    public Duration clientIdle = Duration.ofSeconds(75);
    public Duration clientWrite = Duration.ofSeconds(60);
    public Duration responseHead = Duration.ofSeconds(120);
    public Duration responseIdle = Duration.ofSeconds(60);
    public Duration total;
    public Duration acquire = Duration.ofSeconds(8);
    public Duration drainDelay = Duration.ZERO;
    public int maxRequestLine = 8 * 1024;
    public int maxHead = 32 * 1024;
    public int maxHeaders = 100;
    public int maxRequests = 10_000;
    public long maxRequestBody = 32L << 20;
    public long maxReplayBody = 12L << 20;
    public long maxReplayMemory = 64L << 20;
    public int maxUses = 3;
    public int floor = 3;
    public int maxWaiters = 1_024;
    public Provenance provenance;
    public String credentials = "none";
    public LearnUses learnUses = LearnUses.OFF;
    public List<RejectionRule> rejectionRules;
    public UseScopeSettings useScopes;
    public TokenEndpoint tokenEndpoint = TokenEndpoint.STUB;

    /** What is long to write down. */
    private final ProfileConfig defaults = ProxyConfig.from(ConfigFactory.parseString(
                    "valify-proxy.token { username = u, password = p, client-id = i, client-secret = s }"))
            .profiles()
            .get(0);

    public TestConfig(URI upstream) {
        this.upstream = upstream;
        this.rejectionRules = defaults.rejection().rules();
        this.useScopes = defaults.useScopes();
    }

    public ProxyConfig build() {
        return build(List.of(profile(ProfileConfig.DEFAULT, ProfileMatch.ANY, upstream)));
    }

    /** A profile whose calls go to this upstream; all else is as set here. */
    public ProfileConfig profile(String name, ProfileMatch match, URI origin) {
        Secret secret = Secret.of(credentials);
        return new ProfileConfig(
                name,
                match,
                new UpstreamSettings(
                        origin,
                        proxy,
                        maxUpstreamConnections,
                        maxConnectionAge,
                        upstreamIdle,
                        connect,
                        tlsHandshake,
                        tls),
                true,
                provenance,
                new OAuthSettings(
                        origin.resolve("/api/o/token/"),
                        proxy,
                        new Credentials(secret, secret, secret, secret),
                        connect,
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(10),
                        Duration.ofHours(24),
                        tls),
                new PoolSettings(
                        maxUses,
                        useScopes.scopes(),
                        learnUses,
                        Duration.ofSeconds(5),
                        acquire,
                        Duration.ofSeconds(10),
                        floor,
                        bounds(128),
                        maxWaiters,
                        false,
                        false),
                new RejectionSettings(rejectionRules, defaults.rejection().never()),
                useScopes);
    }

    /** With these profiles in place of the one that {@link #upstream} makes. */
    public ProxyConfig build(List<ProfileConfig> profiles) {
        return new ProxyConfig(
                new WorkerSettings(transport, workers),
                new ListenerSettings("127.0.0.1", port, maxConnections, maxConnectionsPerSource, clientWrite),
                new Http1Settings(
                        maxRequestLine, maxHead, maxHeaders, requestHead, requestIdle, minUploadRate, clientIdle),
                profiles,
                new ExchangeSettings(
                        maxRequests, maxRequestBody, maxReplayBody, maxReplayMemory, responseHead, responseIdle, total),
                new ClientAuthSettings(tokenEndpoint),
                drainDelay,
                Duration.ofSeconds(30));
    }

    /** A pool's settings whose other half is at its default. */
    public static PoolSettings pool(
            int maxUses,
            Duration expiryMargin,
            Duration acquireTimeout,
            Duration mintTimeout,
            int floor,
            int maxConcurrentMints,
            int maxWaiters) {
        return new PoolSettings(
                maxUses,
                1,
                LearnUses.OFF,
                expiryMargin,
                acquireTimeout,
                mintTimeout,
                floor,
                bounds(maxConcurrentMints),
                maxWaiters,
                false,
                false);
    }

    private static MintBounds bounds(int maxConcurrentMints) {
        return new MintBounds(maxConcurrentMints, 10_000, MintBounds.UNLIMITED);
    }
}
