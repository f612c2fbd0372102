package dev.valifyproxy;

import dev.valifyproxy.config.ProfileConfig;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.exchange.Profile;
import dev.valifyproxy.http.LocationRewrite;
import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.token.ReplayBudget;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.upstream.Upstream;
import io.netty.util.AsciiString;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A profile at work: its tokens, where they come from, and the connections that carry them. Any thread.
 *
 * @param config what it was made of
 * @param credentials what it mints with; null where an embedder's own source does that
 * @param pool its tokens
 * @param upstream its connections
 */
record Account(ProfileConfig config, @Nullable CredentialsInUse credentials, TokenPool pool, Upstream upstream) {

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
                config.provenance(),
                new ReplayBudget());
    }

    /** The {@code Host} of the upstream: without the port where it is the scheme's own (RFC 9110 §7.2). */
    private static AsciiString host(URI baseUrl) {
        int port = baseUrl.getPort();
        boolean isDefault = port < 0 || port == (baseUrl.getScheme().equalsIgnoreCase("https") ? 443 : 80);
        return AsciiString.of(isDefault ? baseUrl.getHost() : baseUrl.getHost() + ":" + port);
    }

    StatusReport.ProfileStatus status() {
        return new StatusReport.ProfileStatus(
                name(), pool.stats(), config.upstream().baseUrl(), upstream.stats());
    }

    /**
     * Whether its calls can be served: not before the first token (with a floor of 0, as long as no mint has failed), not while its
     * credentials are refused. An identity endpoint that fails later leaves it ready, since calls are better answered here than refused at
     * the door; and so do credentials that are new and unproven, while tokens of the old ones last.
     */
    Readiness readiness() {
        PoolStats stats = pool.stats();
        String failure = stats.lastFailure() == null ? "" : stats.lastFailure().reason();
        boolean hasTokens = stats.readyUses() > 0; // of the credentials before these, if these have brought none
        return switch (stats.state()) {
            case CREDENTIALS_REFUSED -> new Readiness(false, "the credentials are refused: " + failure);
            case UNPROVEN ->
                new Readiness(
                        config.pool().floor() == 0 || hasTokens, "no token of these credentials has been minted yet");
            case BACKING_OFF -> new Readiness(stats.proven() || hasTokens, "minting fails: " + failure);
            case HEALTHY -> new Readiness(true, Readiness.READY);
        };
    }

    /**
     * To be asked of every account before one of them switches: credentials are shown to the token endpoint they belong to, and to no
     * other.
     *
     * @throws IllegalArgumentException if those of this configuration belong to another one
     */
    void requireSameEndpoint(ProxyConfig next) {
        URI inUse = config.oauth().tokenUrl();
        oauthIn(next).filter(oauth -> !oauth.tokenUrl().equals(inUse)).ifPresent(oauth -> {
            throw new IllegalArgumentException(
                    config.pathOf("token.url") + " is another one now, " + oauth.shownTokenUrl()
                            + ": what a running proxy can take up is credentials for "
                            + config.oauth().shownTokenUrl());
        });
    }

    /**
     * Mints with the credentials of this configuration from now on, if it has any for this account. One thread at a time.
     *
     * @return whether they differ from those so far
     */
    boolean switchCredentials(ProxyConfig next) {
        return credentials != null
                && oauthIn(next)
                        .map(oauth -> credentials.switchTo(oauth.credentials(), pool))
                        .orElse(false);
    }

    /** What a configuration says of the account's tokens; nothing where these are an embedder's own. */
    private Optional<OAuthSettings> oauthIn(ProxyConfig next) {
        return credentials == null
                ? Optional.empty()
                : next.profiles().stream()
                        .filter(profile -> profile.name().equals(name()))
                        .map(ProfileConfig::oauth)
                        .findFirst();
    }

    /** Stops minting and forwarding. An embedder's source is the embedder's to close. */
    void close() {
        pool.close();
        upstream.close();
        if (credentials != null) {
            credentials.close();
        }
    }
}
