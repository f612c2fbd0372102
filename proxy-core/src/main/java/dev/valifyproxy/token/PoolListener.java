package dev.valifyproxy.token;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Hears what happens in a pool; called on whatever thread it happens on, so it must be quick and safe for any thread. */
public interface PoolListener {

    /** Hears nothing. */
    PoolListener NONE = new PoolListener() {};

    /** Why uses died without serving a call. */
    enum Waste {
        /** Their token's expiry, less the margin, came first. */
        EXPIRED,
        /** Their token was rejected by the upstream, or is older than two that were. */
        REJECTED
    }

    /** A mint brought a token, which lives so long from when it was asked for, {@code latency} ago. */
    default void minted(Duration latency, Duration lifetime) {}

    /** A mint brought none. */
    default void mintFailed(MintOutcome.Failed failure, Duration latency) {}

    /** The minter's view of the issuer changed; once per change, never per failure. */
    default void stateChanged(MintState from, MintState to, MintOutcome.@Nullable Failed why) {}

    /** Uses died without serving a call. */
    default void wasted(int uses, Waste why) {}

    /** A call that had to wait got its use. */
    default void waited(Duration wait) {}

    /** A call in line got none. */
    default void shortage(Shortage shortage) {}

    /** The upstream refused a token on a first try. */
    default void tokenRejected() {}
}
