package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.valifyproxy.token.MintOutcome.Failed;
import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.MintState;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PoolLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(PoolLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private List<String> logged(PoolLog log) {
        log.stateChanged(MintState.UNPROVEN, MintState.HEALTHY, null);
        log.stateChanged(MintState.HEALTHY, MintState.CREDENTIALS_REFUSED, Failed.of(Kind.CREDENTIALS_REFUSED, "no"));
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
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
