package dev.valifyproxy.token;

import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment; the numbers are read one after the other, so under load they need not add up exactly.
 *
 * @param readyUses uses that a call would get at once
 * @param mintsInFlight mints sent and not yet ended
 * @param waiters calls in line
 * @param usesTaken uses handed to calls since the start, returned ones subtracted
 * @param state the minter's view of the issuer
 * @param proven whether any mint has succeeded since the start, or since the credentials changed
 * @param lastFailure the last mint's failure, or null if it succeeded or none has ended yet
 * @param limit the limit of the configuration that makes calls wait of late, or null
 * @param usesPerToken calls that a token serves that is minted now
 */
public record PoolStats(
        int readyUses,
        int mintsInFlight,
        int waiters,
        long usesTaken,
        MintState state,
        boolean proven,
        MintOutcome.@Nullable Failed lastFailure,
        @Nullable MintLimit limit,
        int usesPerToken) {}
