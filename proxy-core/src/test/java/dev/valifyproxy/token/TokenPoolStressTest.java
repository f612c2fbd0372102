package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.testing.TestConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Many threads at once, against the books of a strict upstream; {@code -Dtest.jvm.flags=-Dtest.pool.calls=…} sets how many calls. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenPoolStressTest {

    private static final int THREADS = 64;
    private static final int CALLS_PER_THREAD = Integer.getInteger("test.pool.calls", 10_000_000) / THREADS;
    private static final int MAX_USES = 3;
    private static final PoolSettings SETTINGS = TestConfig.pool(
            MAX_USES, Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(10), 30, 128, 1_024);

    private final Map<String, AtomicInteger> usesOf = new ConcurrentHashMap<>();
    private final AtomicLong minted = new AtomicLong();
    private final AtomicLong wasted = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong leftBeforeItCame = new AtomicLong();
    private final ScheduledExecutorService mintThread = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService callers = Executors.newFixedThreadPool(THREADS);
    private final TokenPool pool = new TokenPool(
            SETTINGS,
            this::mint,
            mintThread,
            System::nanoTime,
            InstantSource.system(),
            new Random(1),
            new PoolListener() {
                @Override
                public void wasted(int uses, Waste why) {
                    wasted.addAndGet(uses);
                }
            });

    @AfterEach
    void stop() {
        callers.shutdownNow();
        mintThread.shutdownNow();
    }

    @Test
    void sixty_four_threads_never_over_use_a_token_and_lose_no_use() throws Exception {
        pool.start();
        List<Future<?>> done = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            SplittableRandom random = new SplittableRandom(thread);
            done.add(callers.submit(() -> call(random)));
        }
        for (Future<?> each : done) {
            each.get(300, TimeUnit.SECONDS);
        }
        mintThread.submit(() -> {}).get(10, TimeUnit.SECONDS); // what was returned has arrived
        awaitMints();

        assertThat(taken.get() + leftBeforeItCame.get()).isGreaterThanOrEqualTo((long) THREADS * CALLS_PER_THREAD);
        assertThat(pool.stats().waiters()).isZero();
        assertThat(pool.stats().readyUses() + pool.stats().usesTaken() + wasted.get())
                .isEqualTo(minted.get() * MAX_USES);
    }

    private void call(SplittableRandom random) {
        for (int call = 0; call < CALLS_PER_THREAD; call++) {
            TokenLease lease = pool.tryAcquire(0);
            if (lease == null) {
                lease = waitFor(random);
            }
            if (lease == null) {
                leftBeforeItCame.incrementAndGet();
                continue;
            }
            taken.incrementAndGet();
            use(lease, random);
        }
    }

    private @Nullable TokenLease waitFor(SplittableRandom random) {
        CompletableFuture<@Nullable TokenLease> came = new CompletableFuture<>();
        Waiter place = pool.await(0, new LeaseReceiver() {
            @Override
            public void acquired(TokenLease lease) {
                if (!came.complete(lease)) {
                    lease.returned();
                }
            }

            @Override
            public void unavailable(Shortage shortage) {
                came.completeExceptionally(new AssertionError(shortage));
            }
        });
        if (random.nextInt(4) == 0) {
            place.cancel();
            came.complete(null);
        }
        return came.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private void use(TokenLease lease, SplittableRandom random) {
        AtomicInteger uses = usesOf.get(lease.authorization());
        assertThat(uses.incrementAndGet()).as("uses of one token").isLessThanOrEqualTo(MAX_USES);
        int fate = random.nextInt(1_000);
        if (fate < 200) {
            uses.decrementAndGet();
            lease.returned();
        } else if (fate < 202) {
            lease.rejected();
        } else if (fate < 400) {
            lease.used();
        } else {
            lease.accepted();
        }
    }

    /** Answers from another thread's task, so that mints are in flight for a while. */
    private CompletionStage<MintOutcome> mint() {
        String value = "token-" + minted.incrementAndGet();
        usesOf.put("Bearer " + value, new AtomicInteger());
        CompletableFuture<MintOutcome> answer = new CompletableFuture<>();
        mintThread.schedule(
                () -> answer.complete(new MintOutcome.Minted(Secret.of(value), Duration.ofMinutes(10))),
                200,
                TimeUnit.MICROSECONDS);
        return answer;
    }

    private void awaitMints() throws Exception {
        while (mintThread.submit(() -> pool.stats().mintsInFlight()).get(10, TimeUnit.SECONDS) > 0) {
            Thread.onSpinWait();
        }
    }
}
