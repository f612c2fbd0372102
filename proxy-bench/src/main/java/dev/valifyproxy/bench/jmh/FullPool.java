package dev.valifyproxy.bench.jmh;

import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.token.LearnUses;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.PoolListener;
import dev.valifyproxy.token.PoolSettings;
import dev.valifyproxy.token.PoolSettings.MintBounds;
import dev.valifyproxy.token.TokenLease;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.token.TokenSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A pool filled with uses, whose mint thread then stands still, so that nothing but the taking is measured. As many uses are there as the
 * benchmark takes: it must not outrun the pool, for a call that finds nothing costs something else.
 */
final class FullPool implements AutoCloseable {

    private static final int USES_PER_TOKEN = 1_000;
    private static final int MARGIN = 1_000;

    private final ScheduledExecutorService mintThread = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private final TokenPool pool;

    /** Returns once so many uses are ready. */
    FullPool(int uses) {
        pool = new TokenPool(
                settings(uses + MARGIN),
                answeringAtOnce(),
                mintThread,
                System::nanoTime,
                InstantSource.system(),
                new SplittableRandom(1),
                PoolListener.NONE);
        pool.start();
        while (pool.stats().readyUses() < uses) {
            Thread.onSpinWait();
        }
        mintThread.execute(this::standStill);
    }

    /** A use; there is one. */
    TokenLease take() {
        TokenLease lease = pool.tryAcquire(0);
        if (lease == null) {
            throw new IllegalStateException("the pool has run dry, so the benchmark measures something else");
        }
        return lease;
    }

    @Override
    public void close() {
        end.countDown();
        mintThread.shutdownNow();
    }

    private void standStill() {
        try {
            end.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static PoolSettings settings(int floor) {
        Duration minute = Duration.ofMinutes(1);
        return new PoolSettings(
                USES_PER_TOKEN,
                1,
                LearnUses.OFF,
                Duration.ofSeconds(5),
                minute,
                minute,
                floor,
                new MintBounds(1_000, 10_000, MintBounds.UNLIMITED),
                1_000,
                false,
                false);
    }

    private static TokenSource answeringAtOnce() {
        MintOutcome token = new MintOutcome.Minted(Secret.of("benchmark"), Duration.ofMinutes(10));
        return () -> CompletableFuture.completedFuture(token);
    }
}
