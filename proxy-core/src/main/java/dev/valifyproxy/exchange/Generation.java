package dev.valifyproxy.exchange;

import dev.valifyproxy.clientauth.LocalTokenEndpoint;

/**
 * What a call reads once, at its head, and keeps to its end.
 *
 * @param settings bounds and deadlines
 * @param profiles whose calls go where
 * @param tokenEndpoint answers the token path
 * @param memory what bodies held for a second try may pin
 * @param admission calls in progress
 * @param listener hears of its end
 */
public record Generation(
        ExchangeSettings settings,
        ProfileMatcher profiles,
        LocalTokenEndpoint tokenEndpoint,
        ReplayMemory memory,
        Admission admission,
        CallListener listener) {}
