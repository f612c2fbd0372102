package dev.valifyproxy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.sandbox.TokenLedger.Use;
import dev.valifyproxy.sandbox.TokenLedger.Verdict;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenLedgerTest {
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    /** Near its overflow, as {@link System#nanoTime()} may be. */
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);

    private final SandboxSettings settings = SandboxSettings.defaults().withLifetime(LIFETIME, clock::get);
    private final TokenLedger ledger = new TokenLedger(settings);

    @Test
    void a_token_is_good_for_three_calls_of_any_services_and_not_for_a_fourth() {
        String token = ledger.mint();
        assertThat(ledger.use(token, "OCR")).isEqualTo(new Use(Verdict.ACCEPTED, 2));
        assertThat(ledger.use(token, "FACE_MATCH")).isEqualTo(new Use(Verdict.ACCEPTED, 1));
        assertThat(ledger.use(token, "OCR")).isEqualTo(new Use(Verdict.ACCEPTED, 0));
        assertThat(ledger.use(token, "OTP_SEND").verdict()).isEqualTo(Verdict.USED_UP);
        assertThat(ledger.used()).isEqualTo(3);
        assertThat(ledger.refused()).isEqualTo(1);
        assertThat(ledger.overUses()).isEqualTo(1);
    }

    @Test
    void in_the_scope_of_services_each_service_has_its_own_uses() {
        TokenLedger byService = new TokenLedger(settings.withUses(1, UseScope.SERVICE));
        String token = byService.mint();
        assertThat(byService.use(token, "OCR").isAccepted()).isTrue();
        assertThat(byService.use(token, "FACE_MATCH").isAccepted()).isTrue();
        assertThat(byService.use(token, "OCR").verdict()).isEqualTo(Verdict.USED_UP);
        assertThat(byService.usesByToken()).containsEntry("token-1", 2);
    }

    @Test
    void a_token_is_good_up_to_its_last_nanosecond_and_no_longer() {
        String token = ledger.mint();
        clock.addAndGet(LIFETIME.toNanos() - 1);
        assertThat(ledger.use(token, "OCR").isAccepted()).isTrue();
        clock.addAndGet(1);
        assertThat(ledger.use(token, "OCR").verdict()).isEqualTo(Verdict.EXPIRED);
        assertThat(ledger.usesAfterExpiry()).isEqualTo(1);
        assertThat(ledger.overUses()).isZero();
    }

    @Test
    void tokens_that_nobody_can_use_any_more_are_forgotten_at_will_and_stay_counted() {
        String dead = ledger.mint();
        String alive = ledger.mint();
        ledger.use(dead, "OCR");
        ledger.revoke(dead);
        ledger.forgetTheDead();
        assertThat(ledger.usesByToken()).containsOnlyKeys("token-2");
        assertThat(ledger.use(dead, "OCR").verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(ledger.use(alive, "OCR").isAccepted()).isTrue();
        assertThat(ledger.minted()).isEqualTo(2);
        assertThat(ledger.used()).isEqualTo(2);
    }

    @Test
    void a_revoked_token_is_refused_and_others_are_not() {
        String revoked = ledger.mint();
        String other = ledger.mint();
        ledger.revoke(revoked);
        assertThat(ledger.use(revoked, "OCR").verdict()).isEqualTo(Verdict.REVOKED);
        assertThat(ledger.use(other, "OCR").isAccepted()).isTrue();
    }

    @Test
    void after_all_are_invalidated_only_tokens_minted_later_are_good() {
        String before = ledger.mint();
        ledger.invalidateAll();
        String after = ledger.mint();
        assertThat(ledger.use(before, "OCR").verdict()).isEqualTo(Verdict.REVOKED);
        assertThat(ledger.use(after, "OCR").isAccepted()).isTrue();
    }

    @Test
    void a_value_that_was_never_issued_is_unknown() {
        assertThat(ledger.use("made-up", "OCR").verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(ledger.idOf("made-up")).isNull();
        assertThat(ledger.refused()).isEqualTo(1);
    }

    @Test
    void values_are_url_safe_and_never_the_same_twice() {
        Set<String> values = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            values.add(ledger.mint());
        }
        assertThat(values).hasSize(1_000).allMatch(value -> value.matches("[A-Za-z0-9_-]{32}"));
    }

    @Test
    void spent_tokens_are_forgotten_beyond_a_bound_and_good_ones_never() {
        String good = ledger.mint();
        for (int i = 0; i < 150_000; i++) {
            String token = ledger.mint();
            ledger.use(token, "OCR");
            ledger.use(token, "OCR");
            ledger.use(token, "OCR");
        }
        assertThat(ledger.usesByToken()).hasSizeLessThanOrEqualTo(100_001);
        assertThat(ledger.use(good, "OCR").isAccepted()).isTrue();
        assertThat(ledger.minted()).isEqualTo(150_001);
    }
}
