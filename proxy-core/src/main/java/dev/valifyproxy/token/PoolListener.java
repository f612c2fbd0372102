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
        REJECTED,
        /** Their token was dropped: of old credentials, or older than a suspension of the machine. */
        DROPPED
    }

    /** How the upstream's count of a token's uses differs from {@code token.max-uses}. */
    enum Disagreement {
        /** It allows fewer. */
        FEWER,
        /** It allows more. */
        MORE
    }

    /**
     * A mint brought a token.
     *
     * @param latency how long it took
     * @param lifetime how long the token lives, counted from the moment it was asked for
     */
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

    /** A call has to wait for a mint that a limit of the configuration holds back. */
    default void heldBack(MintLimit limit) {}

    /** A limit of the configuration begins to make calls wait, or, with null, none does any more. */
    default void limitChanged(@Nullable MintLimit limit) {}

    /** An answer told that the upstream counts a token's uses otherwise than we do. */
    default void usesDisagree(Disagreement how) {}

    /** A lease was lost without having been resolved; only while leaks are searched for. */
    default void leaked(Throwable acquired) {}

    /** The machine seems to have been suspended for so long; all tokens of before are dropped. */
    default void suspended(Duration missing) {}
}
