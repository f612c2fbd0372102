package dev.valifyproxy.token;

import java.util.Locale;

/** A bound of the configuration that holds mints back. */
public enum MintLimit {
    /** {@code token.max-concurrent-mints} are in flight. */
    MAX_CONCURRENT_MINTS,
    /** {@code token.max-tokens} are held or asked for. */
    MAX_TOKENS,
    /** {@code token.max-mints-per-minute} were sent within the last minute. */
    MAX_MINTS_PER_MINUTE;

    /** The key that sets it, as the configuration names it. */
    public String key() {
        return "token." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
