package dev.valifyproxy;

import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.upstream.UpstreamStats;
import java.net.URI;
import java.util.List;

/**
 * A proxy at one moment.
 *
 * @param callsInProgress calls begun and not ended
 * @param clientConnections open client connections
 * @param replayMemory bytes pinned by bodies held for a second try
 * @param profiles each account, in the order of the configuration
 */
public record StatusReport(
        int callsInProgress, int clientConnections, long replayMemory, List<ProfileStatus> profiles) {

    public StatusReport {
        profiles = List.copyOf(profiles);
    }

    /**
     * One account.
     *
     * @param name of its profile
     * @param pool its tokens
     * @param baseUrl where its calls go
     * @param upstream the connections there
     */
    public record ProfileStatus(String name, PoolStats pool, URI baseUrl, UpstreamStats upstream) {}
}
