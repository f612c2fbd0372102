package dev.valifyproxy;

import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.exchange.Profile;
import dev.valifyproxy.http.LocationRewrite;
import dev.valifyproxy.oauth.OAuthTokenSource;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.token.ReplayBudget;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.token.TokenSource;
import dev.valifyproxy.upstream.Upstream;
import io.netty.util.AsciiString;
import java.net.URI;

/**
 * A profile at work: its tokens, where they come from, and the connections that carry them. Any thread.
 *
 * @param config what it was made of
 * @param source where its tokens come from
 * @param pool its tokens
 * @param upstream its connections
 */
record Account(ProfileConfig config, TokenSource source, TokenPool pool, Upstream upstream) {

    String name() {
        return config.name();
    }

    /** What its calls read. */
    Profile profile() {
        URI baseUrl = config.upstream().baseUrl();
        return new Profile(
                name(),
                config.match(),
                upstream,
                host(baseUrl),
                config.rewriteLocation() ? new LocationRewrite(baseUrl) : null,
                new ReplayBudget());
    }

    /** The {@code Host} of the upstream: without the port where it is the scheme's own (RFC 9110 §7.2). */
    private static AsciiString host(URI baseUrl) {
        int port = baseUrl.getPort();
        boolean isDefault = port < 0 || port == (baseUrl.getScheme().equalsIgnoreCase("https") ? 443 : 80);
        return AsciiString.of(isDefault ? baseUrl.getHost() : baseUrl.getHost() + ":" + port);
    }

    StatusReport.ProfileStatus status() {
        return new StatusReport.ProfileStatus(name(), pool.stats(), upstream.stats());
    }

    /**
     * Whether its calls can be served: not before the first token (with a floor of 0, as long as no mint has failed), not while its
     * credentials are refused. An identity endpoint that fails later leaves it ready, since calls are better answered here than refused at
     * the door.
     */
    Readiness readiness() {
        PoolStats stats = pool.stats();
        String failure = stats.lastFailure() == null ? "" : stats.lastFailure().reason();
        return switch (stats.state()) {
            case CREDENTIALS_REFUSED -> new Readiness(false, "the credentials are refused: " + failure);
            case UNPROVEN ->
                new Readiness(
                        config.pool().floor() == 0, stats.proven() ? Readiness.READY : "no token has been minted yet");
            case BACKING_OFF -> new Readiness(stats.proven(), "minting fails: " + failure);
            case HEALTHY -> new Readiness(true, Readiness.READY);
        };
    }

    /** Stops minting and forwarding. An embedder's source is the embedder's to close. */
    void close() {
        pool.close();
        upstream.close();
        if (source instanceof OAuthTokenSource ours) {
            ours.close();
        }
    }
}
