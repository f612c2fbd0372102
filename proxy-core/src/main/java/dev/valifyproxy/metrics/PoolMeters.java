package dev.valifyproxy.metrics;

import dev.valifyproxy.token.MintLimit;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintState;
import dev.valifyproxy.token.PoolListener;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.token.Shortage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Supplier;

/** Counts what happens in a token pool. Safe for any thread; waits for none. */
public final class PoolMeters implements PoolListener {

    private final MeterRegistry registry;
    private final Counter minted;
    private final Counter rejected;
    private final Timer mintDuration;
    private final Timer failedMintDuration;
    private final EnumCounters<MintOutcome.Kind> mintFailures;
    private final EnumCounters<Waste> wasted;
    private final EnumCounters<Shortage> shortages;
    private final EnumCounters<MintLimit> heldBack;
    private final EnumCounters<Disagreement> disagreements;
    private final Counter leaked;
    private final Counter suspensions;

    /** Registers the counters, all at 0. */
    public PoolMeters(MeterRegistry registry) {
        this.registry = registry;
        minted = Meters.TOKENS_MINTED.counter(registry);
        rejected = Meters.TOKENS_REJECTED.counter(registry);
        mintDuration = Meters.MINT_DURATION.timer(registry, "outcome", "minted");
        failedMintDuration = Meters.MINT_DURATION.timer(registry, "outcome", "failed");
        mintFailures = new EnumCounters<>(
                MintOutcome.Kind.class, kind -> Meters.MINT_FAILURES.counter(registry, "kind", Meters.label(kind)));
        wasted = new EnumCounters<>(
                Waste.class, reason -> Meters.TOKEN_USES_WASTED.counter(registry, "reason", Meters.label(reason)));
        shortages = new EnumCounters<>(
                Shortage.class, reason -> Meters.TOKEN_SHORTAGES.counter(registry, "reason", Meters.label(reason)));
        heldBack = new EnumCounters<>(
                MintLimit.class, limit -> Meters.TOKEN_WAITS_HELD_BACK.counter(registry, "limit", Meters.label(limit)));
        disagreements = new EnumCounters<>(
                Disagreement.class,
                how -> Meters.TOKEN_USES_DISAGREEMENTS.counter(registry, "upstream", Meters.label(how)));
        leaked = Meters.TOKEN_LEASES_LEAKED.counter(registry);
        suspensions = Meters.SUSPENSIONS.counter(registry);
    }

    /** Adds what only the pool itself knows; once, when there is a pool. {@code stats} is called on the scraping thread. */
    public void bind(Supplier<PoolStats> stats) {
        // A use given back makes the pool's sum fall by one; a counter that falls would be taken for a restart.
        LongAccumulator usesTaken = new LongAccumulator(Math::max, 0);
        Meters.TOKEN_USES.counter(registry, () -> {
            usesTaken.accumulate(stats.get().usesTaken());
            return usesTaken.get();
        });
        Meters.TOKEN_USES_READY.gauge(registry, () -> stats.get().readyUses());
        Meters.MINTS_IN_FLIGHT.gauge(registry, () -> stats.get().mintsInFlight());
        Meters.TOKEN_USES_PER_TOKEN.gauge(registry, () -> stats.get().usesPerToken());
        Meters.TOKEN_WAITERS.gauge(registry, () -> stats.get().waiters());
        for (MintState state : MintState.values()) {
            Meters.MINT_STATE.gauge(registry, () -> stats.get().state() == state ? 1 : 0, "state", Meters.label(state));
        }
    }

    @Override
    public void minted(Duration latency, Duration lifetime) {
        minted.increment();
        mintDuration.record(latency);
    }

    @Override
    public void mintFailed(MintOutcome.Failed failure, Duration latency) {
        mintFailures.of(failure.kind()).increment();
        failedMintDuration.record(latency);
    }

    @Override
    public void wasted(int uses, Waste why) {
        wasted.of(why).increment(uses);
    }

    @Override
    public void shortage(Shortage shortage) {
        shortages.of(shortage).increment();
    }

    @Override
    public void tokenRejected() {
        rejected.increment();
    }

    @Override
    public void heldBack(MintLimit limit) {
        heldBack.of(limit).increment();
    }

    @Override
    public void usesDisagree(Disagreement how) {
        disagreements.of(how).increment();
    }

    @Override
    public void leaked(Throwable acquired) {
        leaked.increment();
    }

    @Override
    public void suspended(Duration missing) {
        suspensions.increment();
    }
}
