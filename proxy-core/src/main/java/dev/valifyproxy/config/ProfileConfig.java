package dev.valifyproxy.config;

import dev.valifyproxy.exchange.ProfileMatch;
import dev.valifyproxy.exchange.Provenance;
import dev.valifyproxy.injection.RejectionSettings;
import dev.valifyproxy.injection.UseScopeSettings;
import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.token.PoolSettings;
import dev.valifyproxy.upstream.UpstreamSettings;
import org.jspecify.annotations.Nullable;

/**
 * One account and its upstream: what the sections {@code upstream} and {@code token} say, the top-level ones or those of an entry of
 * {@code profiles}.
 *
 * @param name the entry's, or {@link #DEFAULT}
 * @param match the calls it serves
 * @param upstream where they go
 * @param rewriteLocation whether a {@code Location} of the upstream's origin is answered as a path
 * @param provenance what heads are told of their way; null for nothing
 * @param oauth where its tokens come from
 * @param pool how many of them are kept
 * @param rejection when an answer counts as the refusal of a token
 * @param useScopes which calls share a token's uses
 */
public record ProfileConfig(
        String name,
        ProfileMatch match,
        UpstreamSettings upstream,
        boolean rewriteLocation,
        @Nullable Provenance provenance,
        OAuthSettings oauth,
        PoolSettings pool,
        RejectionSettings rejection,
        UseScopeSettings useScopes) {

    /** The name of the profile that the top-level sections describe, and that serves what no other does. */
    public static final String DEFAULT = "default";

    /** Where a key of this profile stands, such as {@code token.url} or {@code profiles.staging.token.url}. */
    public String pathOf(String key) {
        return name.equals(DEFAULT) ? key : KnownKeys.join("profiles", name) + "." + key;
    }
}
