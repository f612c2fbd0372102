package dev.valifyproxy;

import dev.valifyproxy.token.MintLimit;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintState;
import dev.valifyproxy.token.PoolListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line when something begins or ceases to be wrong with the tokens, and none for each failure between. */
final class PoolLog implements PoolListener {

    private static final Logger log = LoggerFactory.getLogger(PoolLog.class);

    private final String whose;

    private PoolLog(String whose) {
        this.whose = whose;
    }

    /** For the pool of the only profile. */
    static PoolLog ofTheOnlyOne() {
        return new PoolLog("");
    }

    /** For the pool of one of several profiles, which each line names. */
    static PoolLog of(String profile) {
        return new PoolLog("profile " + profile + ": ");
    }

    @Override
    public void stateChanged(MintState from, MintState to, MintOutcome.@Nullable Failed why) {
        String reason = why == null ? "" : why.reason();
        switch (to) {
            case HEALTHY -> {
                if (from == MintState.UNPROVEN) {
                    log.info("{}the first token has been minted", whose);
                } else {
                    log.info("{}tokens are minted again", whose);
                }
            }
            case BACKING_OFF -> log.warn("{}minting fails: {}; trying again with growing pauses", whose, reason);
            case CREDENTIALS_REFUSED -> log.error("{}the credentials are refused: {}", whose, reason);
            case UNPROVEN -> log.info("{}new credentials, no token minted yet", whose);
        }
    }

    @Override
    public void limitChanged(@Nullable MintLimit limit) {
        if (limit == null) {
            log.info("{}no limit makes calls wait for tokens any more", whose);
        } else {
            log.warn("{}calls wait for tokens because {} is reached", whose, limit.key());
        }
    }

    @Override
    public void leaked(Throwable acquired) {
        log.error("{}a use of a token was lost: its call ended without saying what became of it", whose, acquired);
    }

    @Override
    public void suspended(Duration missing) {
        log.warn(
                "{}the machine seems to have been suspended for {} s, or its clock was set: tokens of before are dropped",
                whose,
                missing.toSeconds());
    }
}
