package dev.valifyproxy;

import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.upstream.UpstreamStats;

/**
 * A proxy at one moment.
 *
 * @param callsInProgress calls begun and not ended
 * @param clientConnections open client connections
 * @param replayMemory bytes pinned by bodies held for a second try
 * @param pool the tokens
 * @param upstream the connections to the origin
 */
public record StatusReport(
        int callsInProgress, int clientConnections, long replayMemory, PoolStats pool, UpstreamStats upstream) {}
