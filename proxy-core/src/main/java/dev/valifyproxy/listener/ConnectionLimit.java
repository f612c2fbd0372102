package dev.valifyproxy.listener;

/** What client connections are bounded by. */
public enum ConnectionLimit {
    /** All of them together. */
    TOTAL("limits.max-connections"),
    /** Those of one source address, or of one /64 of IPv6. */
    SOURCE("limits.max-connections-per-source");

    private final String key;

    ConnectionLimit(String key) {
        this.key = key;
    }

    /** The key of the configuration that sets it. */
    String key() {
        return key;
    }
}
