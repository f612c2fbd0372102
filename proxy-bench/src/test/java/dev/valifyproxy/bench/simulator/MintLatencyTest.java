package dev.valifyproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MintLatencyTest {

    private static final Duration MEAN = Duration.ofMillis(200);

    @Test
    void without_sigma_every_mint_takes_the_mean() {
        assertThat(draw(new MintLatency(MEAN, 0, 0, 10))).containsOnly(MEAN.toNanos());
    }

    @Test
    void with_sigma_the_mean_stays_and_the_logarithms_spread() {
        long[] latencies = draw(new MintLatency(MEAN, 0.4, 0, 10));
        double[] logarithms = Arrays.stream(latencies).mapToDouble(Math::log).toArray();
        double middle = Arrays.stream(logarithms).average().orElseThrow();
        double variance = Arrays.stream(logarithms)
                .map(each -> (each - middle) * (each - middle))
                .average()
                .orElseThrow();

        assertThat(LongStream.of(latencies).average().orElseThrow()).isCloseTo(2e8, within(2e6));
        assertThat(Math.sqrt(variance)).isCloseTo(0.4, within(0.01));
    }

    @Test
    void the_share_that_stalls_takes_so_many_times_longer() {
        long[] latencies = draw(new MintLatency(MEAN, 0, 0.01, 10));

        assertThat(latencies).containsOnly(MEAN.toNanos(), MEAN.multipliedBy(10).toNanos());
        assertThat(LongStream.of(latencies)
                        .filter(each -> each > MEAN.toNanos())
                        .count())
                .isCloseTo(1_000, within(150L));
    }

    private static long[] draw(MintLatency latency) {
        SplittableRandom random = new SplittableRandom(1);
        return LongStream.range(0, 100_000).map(mint -> latency.draw(random)).toArray();
    }
}
