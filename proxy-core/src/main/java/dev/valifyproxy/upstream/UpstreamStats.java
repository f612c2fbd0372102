package dev.valifyproxy.upstream;

/**
 * The connections to one origin at one moment.
 *
 * @param open connections open or being opened
 * @param idle those of them that serve no call
 * @param opened connections established since the start
 * @param failed attempts to connect that the upstream failed since the start
 * @param failedAtEgressProxy those that the egress proxy failed, or did not take further
 */
public record UpstreamStats(int open, int idle, long opened, long failed, long failedAtEgressProxy) {}
