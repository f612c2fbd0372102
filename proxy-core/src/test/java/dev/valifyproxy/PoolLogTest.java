package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.CapturedLog;
import dev.valifyproxy.token.MintOutcome.Failed;
import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.MintState;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PoolLogTest {

    @RegisterExtension
    final CapturedLog captured = new CapturedLog(PoolLog.class);

    private List<String> logged(PoolLog log) {
        log.stateChanged(MintState.UNPROVEN, MintState.HEALTHY, null);
        log.stateChanged(MintState.HEALTHY, MintState.CREDENTIALS_REFUSED, Failed.of(Kind.CREDENTIALS_REFUSED, "no"));
        return captured.lines();
    }

    @Test
    void the_pool_of_the_only_profile_needs_no_name() {
        assertThat(logged(PoolLog.ofTheOnlyOne()))
                .containsExactly("the first token has been minted", "the credentials are refused: no");
    }

    @Test
    void of_several_profiles_each_line_names_its_own() {
        assertThat(logged(PoolLog.of("staging")))
                .containsExactly(
                        "profile staging: the first token has been minted",
                        "profile staging: the credentials are refused: no");
    }
}
