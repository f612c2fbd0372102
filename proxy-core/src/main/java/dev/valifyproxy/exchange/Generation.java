package dev.valifyproxy.exchange;

import dev.valifyproxy.clientauth.LocalTokenEndpoint;
import dev.valifyproxy.http.LocationRewrite;
import dev.valifyproxy.token.ReplayBudget;
import dev.valifyproxy.upstream.Upstream;
import io.netty.util.AsciiString;

/**
 * What a call reads once, at its head, and keeps to its end.
 *
 * @param settings bounds and deadlines
 * @param upstream where it goes
 * @param host the value of its {@code Host} field
 * @param location how a {@code Location} is rewritten
 * @param tokenEndpoint answers the token path
 * @param budget second tries
 * @param memory what bodies held for a second try may pin
 * @param admission calls in progress
 * @param listener hears of its end
 */
public record Generation(
        ExchangeSettings settings,
        Upstream upstream,
        AsciiString host,
        LocationRewrite location,
        LocalTokenEndpoint tokenEndpoint,
        ReplayBudget budget,
        ReplayMemory memory,
        Admission admission,
        CallListener listener) {}
