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
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Counts what happens in a token pool. Safe for any thread; waits for none. */
public final class PoolMeters implements PoolListener {

    private final MeterRegistry registry;
    private final String profile;
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

    /** Registers the counters of the pool of this profile, all at 0. */
    public PoolMeters(MeterRegistry registry, String profile) {
        this.registry = registry;
        this.profile = profile;
        minted = counter(Meters.TOKENS_MINTED);
        rejected = counter(Meters.TOKENS_REJECTED);
        mintDuration = Meters.MINT_DURATION.timer(registry, Meters.ofProfile(profile, "outcome", "minted"));
        failedMintDuration = Meters.MINT_DURATION.timer(registry, Meters.ofProfile(profile, "outcome", "failed"));
        mintFailures = new EnumCounters<>(
                MintOutcome.Kind.class, kind -> counter(Meters.MINT_FAILURES, "kind", Meters.label(kind)));
        wasted = new EnumCounters<>(
                Waste.class, reason -> counter(Meters.TOKEN_USES_WASTED, "reason", Meters.label(reason)));
        shortages = new EnumCounters<>(
                Shortage.class, reason -> counter(Meters.TOKEN_SHORTAGES, "reason", Meters.label(reason)));
        heldBack = new EnumCounters<>(
                MintLimit.class, limit -> counter(Meters.TOKEN_WAITS_HELD_BACK, "limit", Meters.label(limit)));
        disagreements = new EnumCounters<>(
                Disagreement.class, how -> counter(Meters.TOKEN_USES_DISAGREEMENTS, "upstream", Meters.label(how)));
        leaked = counter(Meters.TOKEN_LEASES_LEAKED);
        suspensions = counter(Meters.SUSPENSIONS);
    }

    /** Adds what only the pool itself knows; once, when there is a pool. {@code stats} is called on the scraping thread. */
    public void bind(Supplier<PoolStats> stats) {
        // A use given back makes the pool's sum fall by one; a counter that falls would be taken for a restart.
        LongAccumulator usesTaken = new LongAccumulator(Math::max, 0);
        DoubleSupplier uses = () -> {
            usesTaken.accumulate(stats.get().usesTaken());
            return usesTaken.get();
        };
        Meters.TOKEN_USES.counter(registry, uses, Meters.ofProfile(profile));
        gauge(Meters.TOKEN_USES_READY, () -> stats.get().readyUses());
        gauge(Meters.MINTS_IN_FLIGHT, () -> stats.get().mintsInFlight());
        gauge(Meters.TOKEN_USES_PER_TOKEN, () -> stats.get().usesPerToken());
        gauge(Meters.TOKEN_WAITERS, () -> stats.get().waiters());
        for (MintState state : MintState.values()) {
            gauge(Meters.MINT_STATE, () -> stats.get().state() == state ? 1 : 0, "state", Meters.label(state));
        }
    }

    private Counter counter(Meters meter, String... tags) {
        return meter.counter(registry, Meters.ofProfile(profile, tags));
    }

    private void gauge(Meters meter, DoubleSupplier value, String... tags) {
        meter.gauge(registry, value, Meters.ofProfile(profile, tags));
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
