package dev.valifyproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LedgerTest {

    private final AtomicLong now = new AtomicLong();
    private final Ledger ledger = new Ledger(3, 100, now::get);

    @Test
    void a_token_serves_as_many_calls_as_it_has_uses() {
        String token = ledger.mint();

        assertThat(ledger.use(token)).isTrue();
        assertThat(ledger.use(token)).isTrue();
        assertThat(ledger.use(token)).isTrue();
        assertThat(ledger.use(token)).isFalse();
        assertThat(ledger.counts()).isEqualTo(new Ledger.Counts(1, 3, 1));
    }

    @Test
    void a_token_serves_up_to_its_expiry() {
        String token = ledger.mint();

        now.set(99);
        assertThat(ledger.use(token)).isTrue();
        now.set(100);
        assertThat(ledger.use(token)).isFalse();
    }

    @Test
    void an_unknown_token_is_refused() {
        ledger.mint();

        assertThat(ledger.use("")).isFalse();
        assertThat(ledger.counts()).isEqualTo(new Ledger.Counts(1, 0, 1));
    }

    @Test
    void tokens_differ() {
        assertThat(ledger.mint()).isNotEqualTo(ledger.mint());
    }

    @Test
    void counts_can_be_taken_of_a_while() {
        assertThat(new Ledger.Counts(5, 9, 2).since(new Ledger.Counts(1, 4, 2))).isEqualTo(new Ledger.Counts(4, 5, 0));
    }
}
