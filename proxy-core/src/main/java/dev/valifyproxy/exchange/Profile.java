package dev.valifyproxy.exchange;

import dev.valifyproxy.http.LocationRewrite;
import dev.valifyproxy.token.ReplayBudget;
import dev.valifyproxy.upstream.Upstream;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * An account and its upstream, as a call sees them that it serves; read once, beside the {@link Generation}.
 *
 * @param name as configured
 * @param match the calls it serves
 * @param upstream where they go; its connections carry tokens of this account and no other
 * @param host the value of their {@code Host} field
 * @param location how a {@code Location} is rewritten; null for not at all
 * @param provenance what heads are told of their way here; null for nothing
 * @param budget second tries
 */
public record Profile(
        String name,
        ProfileMatch match,
        Upstream upstream,
        AsciiString host,
        @Nullable LocationRewrite location,
        @Nullable Provenance provenance,
        ReplayBudget budget) {}
