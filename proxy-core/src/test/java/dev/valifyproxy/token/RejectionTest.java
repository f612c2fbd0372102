package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.PoolFixture.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Tokens that the upstream refuses. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RejectionTest {

    @Test
    void a_rejected_token_is_retired_with_all_its_uses_and_replaced() {
        PoolFixture fixture = PoolFixture.started(3);

        fixture.take().rejected();

        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.heard.rejected).isEqualTo(2);
        assertThat(fixture.heard.rejections).isEqualTo(1);
        assertThat(fixture.issuer.open()).isEqualTo(1);
    }

    @Test
    void its_uses_are_gone_at_once_even_if_the_mint_thread_is_busy() {
        PoolFixture fixture = PoolFixture.started(3);
        fixture.time.hold();

        fixture.take().rejected();

        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.heard.rejected).isEqualTo(2);
        fixture.time.letGo();
        assertThat(fixture.heard.rejected).isEqualTo(2);
    }

    @Test
    void another_token_serves_on() {
        PoolFixture fixture = PoolFixture.started(6);
        TokenLease rejected = fixture.take();

        rejected.rejected();

        assertThat(fixture.take().token()).isNotSameAs(rejected.token());
    }

    @Test
    void a_use_returned_after_its_tokens_rejection_is_wasted() {
        PoolFixture fixture = PoolFixture.started(3);
        TokenLease lease = fixture.take();
        fixture.take().rejected();

        lease.returned();

        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.heard.rejected).isEqualTo(2);
    }

    @Test
    void two_different_tokens_rejected_in_a_row_void_all_that_are_no_younger_than_the_first() {
        Ages tokens = new Ages();

        tokens.middle.rejected();
        tokens.young.rejected();

        assertThat(tokens.left()).containsOnly("youngest");
    }

    @Test
    void the_first_of_the_two_decides_whatever_its_age() {
        Ages tokens = new Ages();

        tokens.old.rejected();
        tokens.young.rejected();

        assertThat(tokens.left()).containsOnly("middle", "youngest");
    }

    @Test
    void one_call_accepted_between_keeps_the_others() {
        Ages tokens = new Ages();

        tokens.middle.rejected();
        tokens.old.accepted();
        tokens.young.rejected();

        assertThat(tokens.left()).containsOnly("old", "youngest");
    }

    @Test
    void a_call_of_unknown_end_between_changes_nothing() {
        Ages tokens = new Ages();

        tokens.middle.rejected();
        tokens.old.used();
        tokens.young.rejected();

        assertThat(tokens.left()).containsOnly("youngest");
    }

    @Test
    void one_token_rejected_twice_is_no_row() {
        Ages tokens = new Ages();
        TokenLease again = tokens.takeAnother("middle");

        tokens.middle.rejected();
        again.rejected();

        assertThat(tokens.left()).containsOnly("old", "young", "youngest");
    }

    @Test
    void a_token_that_was_under_way_when_the_older_ones_became_void_is_void_too() {
        PoolFixture fixture = PoolFixture.started(6);
        List<TokenLease> leases = new ArrayList<>();
        for (int use = 0; use < 6; use++) {
            leases.add(fixture.take());
        }
        TokenLease first = leases.get(0);
        assertThat(fixture.issuer.open()).isEqualTo(2); // sent in the same moment as the first two were minted

        first.rejected();
        leases.stream()
                .filter(lease -> lease.token() != first.token())
                .findFirst()
                .orElseThrow()
                .rejected();
        fixture.issuer.issue();

        assertThat(fixture.pool.tryAcquire(0)).isNull();
        assertThat(fixture.pool.stats().state()).isEqualTo(MintState.HEALTHY);
    }

    @Test
    void a_call_whose_token_was_rejected_gets_one_minted_after_it() {
        PoolFixture fixture = PoolFixture.started(6);
        TokenLease rejected = fixture.take();
        fixture.time.advance(Duration.ofNanos(1));

        rejected.rejected();
        Call call = fixture.awaitNewer(rejected);
        assertThat(call.waits()).as("a use is ready, but its token is older").isTrue();
        fixture.issuer.issue(fixture.issuer.open());

        assertThat(call.lease().token().mintedAtNanos()).isEqualTo(fixture.time.getAsLong());
    }

    @Test
    void a_mint_that_was_sent_before_the_rejection_does_not_serve_it() {
        PoolFixture fixture = PoolFixture.started(3);
        TokenLease rejected = fixture.take();
        assertThat(fixture.issuer.open()).isEqualTo(1);
        fixture.time.advance(Duration.ofNanos(1));
        rejected.rejected();

        Call call = fixture.awaitNewer(rejected);
        fixture.issuer.issue();

        assertThat(call.waits()).isTrue();
        fixture.issuer.issue();
        assertThat(call.lease().authorization()).isEqualTo("Bearer token-2");
    }

    @Test
    void a_newer_token_that_is_ready_serves_at_once() {
        PoolFixture fixture = PoolFixture.started(3);
        TokenLease rejected = fixture.take();
        rejected.rejected();
        fixture.issuer.issue();

        Call call = fixture.awaitNewer(rejected);

        assertThat(call.waits()).isFalse();
    }

    @Test
    void who_waits_for_a_newer_token_holds_up_nobody_behind() {
        PoolFixture fixture = PoolFixture.started(3);
        TokenLease rejected = fixture.take();
        fixture.time.advance(Duration.ofNanos(1));
        rejected.rejected();
        Call picky = fixture.awaitNewer(rejected);
        Call behind = fixture.await();

        fixture.issuer.issue(); // sent before the rejection

        assertThat(behind.waits()).isFalse();
        assertThat(picky.waits()).isTrue();
    }

    @Test
    void while_mints_fail_the_youngest_other_token_serves_instead() {
        PoolFixture fixture = PoolFixture.started(6);
        TokenLease rejected = fixture.take();
        rejected.rejected();
        fixture.issuer.fail(Kind.UNREACHABLE);

        Call call = fixture.awaitNewer(rejected);

        assertThat(call.lease().token()).isNotSameAs(rejected.token());
    }

    @Test
    void who_waited_for_a_newer_token_when_mints_began_to_fail_gets_another_one_too() {
        PoolFixture fixture = PoolFixture.started(6);
        TokenLease rejected = fixture.take();
        fixture.time.advance(Duration.ofNanos(1));
        rejected.rejected();
        Call call = fixture.awaitNewer(rejected);
        assertThat(call.waits()).isTrue();

        fixture.issuer.fail(Kind.CREDENTIALS_REFUSED);

        assertThat(call.lease().token()).isNotSameAs(rejected.token());
        assertThat(fixture.pool.stats().waiters()).isZero();
    }

    @Test
    void only_who_was_rejected_asks_for_a_newer_token() {
        PoolFixture fixture = PoolFixture.started(3);
        TokenLease lease = fixture.take();

        assertThatThrownBy(() -> fixture.awaitNewer(lease))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this one is open");
    }

    /** Four tokens of different ages, one use of each in hand. */
    private static final class Ages {
        private final PoolFixture fixture = new PoolFixture(0);
        private final Map<AccessToken, String> names = new HashMap<>();
        final TokenLease old = mint("old");
        final TokenLease middle = mint("middle");
        final TokenLease young = mint("young");

        Ages() {
            mint("youngest");
        }

        /** A token has three uses, so the calls in line, all in one hand, make four of them. */
        private TokenLease mint(String name) {
            fixture.time.advance(Duration.ofSeconds(1));
            List<TokenLease> spare = new ArrayList<>();
            for (TokenLease use = fixture.pool.tryAcquire(0); use != null; use = fixture.pool.tryAcquire(0)) {
                spare.add(use);
            }
            Call call = fixture.await();
            fixture.issuer.issue(fixture.issuer.open());
            spare.forEach(TokenLease::returned);
            names.put(call.lease().token(), name);
            return call.lease();
        }

        TokenLease takeAnother(String name) {
            List<TokenLease> others = new ArrayList<>();
            TokenLease found = null;
            for (TokenLease use = fixture.pool.tryAcquire(0); use != null; use = fixture.pool.tryAcquire(0)) {
                if (found == null && nameOf(use).equals(name)) {
                    found = use;
                } else {
                    others.add(use);
                }
            }
            others.forEach(TokenLease::returned);
            return found;
        }

        List<String> left() {
            List<String> left = new ArrayList<>();
            for (TokenLease use = fixture.pool.tryAcquire(0); use != null; use = fixture.pool.tryAcquire(0)) {
                left.add(nameOf(use));
            }
            return left;
        }

        private String nameOf(TokenLease use) {
            return names.get(use.token());
        }
    }
}
