package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenLeaseTest {

    private final PoolFixture fixture = PoolFixture.started(3);
    private final TokenLease lease = fixture.take();

    static Stream<Arguments> pairs() {
        return ways().flatMap(first -> ways().map(second -> Arguments.of(first, second)));
    }

    private static Stream<Way> ways() {
        return Stream.of(
                new Way("RETURNED", TokenLease::returned),
                new Way("REJECTED", TokenLease::rejected),
                new Way("ACCEPTED", TokenLease::accepted),
                new Way("USED", TokenLease::used));
    }

    record Way(String name, Consumer<TokenLease> resolve) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_second_resolution_is_a_bug_and_says_so(Way first, Way second) {
        first.resolve.accept(lease);

        assertThatThrownBy(() -> second.resolve.accept(lease))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("lease was already " + first + ", cannot become " + second);
    }

    @Test
    void a_second_return_does_not_give_the_use_back_twice() {
        lease.returned();
        assertThatThrownBy(lease::returned).isInstanceOf(IllegalStateException.class);

        assertThat(fixture.pool.stats().readyUses()).isEqualTo(3);
    }

    @Test
    void neither_a_lease_nor_its_token_shows_the_value() {
        assertThat(lease).hasToString("TokenLease[open]");
        assertThat(lease.token()).hasToString("AccessToken[***]");
        lease.used();
        assertThat(lease).hasToString("TokenLease[USED]");
    }
}
