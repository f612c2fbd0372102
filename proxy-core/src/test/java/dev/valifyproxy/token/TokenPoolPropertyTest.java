package dev.valifyproxy.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.token.MintOutcome.Failed;
import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.MintOutcome.Minted;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Whatever happens in whatever order, what the pool promises holds. The repetition's number is the seed. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenPoolPropertyTest {

    private static final int STEPS = 400;
    private static final int MAX_USES = 3;
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final List<Kind> KINDS = List.of(Kind.values());

    @RepeatedTest(300)
    void the_promises_hold_in_any_order_of_events(RepetitionInfo repetition) {
        World world = new World(new Random(repetition.getCurrentRepetition()));
        for (int step = 0; step < STEPS; step++) {
            world.step();
        }
        world.end();
    }

    /** A token as the test's own books have it. */
    private static final class Token {
        final long usableUntilNanos;
        int taken;

        Token(long usableUntilNanos) {
            this.usableUntilNanos = usableUntilNanos;
        }
    }

    /** A mint that the issuer has not answered. */
    private record Open(long sentAtNanos, CompletableFuture<MintOutcome> answer) {}

    /** A call in line. */
    private static final class Call implements LeaseReceiver {
        private final World world;
        private final long order;
        private final boolean newer;
        private @Nullable Waiter place;
        private boolean cancelled;
        private int ends;

        Call(World world, long order, boolean newer) {
            this.world = world;
            this.order = order;
            this.newer = newer;
        }

        @Override
        public void acquired(TokenLease lease) {
            end();
            world.took(lease);
            if (!newer) {
                assertThat(order).as("first come, first served").isGreaterThan(world.lastServed);
                world.lastServed = order;
            }
        }

        @Override
        public void unavailable(Shortage shortage) {
            end();
        }

        void end() {
            assertThat(cancelled).as("told after it had left").isFalse();
            assertThat(++ends).as("ends of a call").isEqualTo(1);
        }
    }

    /** A pool, its issuer, its calls, and the books of a strict upstream. */
    private static final class World implements PoolListener, TokenSource {
        private final Random random;
        private final VirtualTime time = new VirtualTime();
        private final Deque<Open> open = new ArrayDeque<>();
        private final Map<String, Token> tokens = new HashMap<>();
        private final List<TokenLease> inHand = new ArrayList<>();
        private final List<TokenLease> rejected = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();
        private final TokenPool pool;
        private long lastServed = -1;
        private long issued;
        private long spent;
        private long wasted;

        World(Random random) {
            this.random = random;
            PoolSettings settings = new PoolSettings(
                    MAX_USES,
                    1,
                    LearnUses.OFF,
                    MARGIN,
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(10),
                    random.nextInt(10),
                    1 + random.nextInt(20),
                    random.nextInt(30));
            pool = new TokenPool(settings, this, time, time, random, this);
            pool.start();
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> take();
                case 3, 4 -> join();
                case 5, 6 -> resolve();
                case 7 -> leave();
                case 8, 9 -> answer();
                case 10 -> time.advance(Duration.ofMillis(random.nextInt(random.nextInt(20) == 0 ? 700_000 : 3_000)));
                default -> holdOrLetGo();
            }
            checkBooks();
        }

        void end() {
            time.letGo();
            pool.close();
            while (!inHand.isEmpty()) {
                resolve();
            }
            for (Call call : calls) {
                assertThat(call.ends + (call.cancelled ? 1 : 0))
                        .as("ends of a call")
                        .isEqualTo(1);
            }
            assertThat(time.timers()).isZero();
        }

        @Override
        public CompletionStage<MintOutcome> mint() {
            Open mint = new Open(time.getAsLong(), new CompletableFuture<>());
            open.add(mint);
            return mint.answer();
        }

        @Override
        public void wasted(int uses, Waste why) {
            wasted += uses;
        }

        void took(TokenLease lease) {
            Token token = tokens.get(lease.authorization());
            assertThat(time.getAsLong() - token.usableUntilNanos)
                    .as("time past expiry")
                    .isNegative();
            assertThat(++token.taken).as("uses of one token").isLessThanOrEqualTo(MAX_USES);
            inHand.add(lease);
        }

        private void take() {
            TokenLease lease = pool.tryAcquire();
            if (lease != null) {
                took(lease);
            }
        }

        private void join() {
            boolean newer = !rejected.isEmpty() && random.nextInt(3) == 0;
            Call call = new Call(this, calls.size(), newer);
            calls.add(call);
            call.place =
                    newer ? pool.awaitNewer(rejected.get(random.nextInt(rejected.size())), call) : pool.await(call);
        }

        private void leave() {
            if (!calls.isEmpty()) {
                Call call = calls.get(random.nextInt(calls.size()));
                call.place.cancel();
                call.cancelled = call.cancelled || call.ends == 0;
            }
        }

        private void resolve() {
            if (inHand.isEmpty()) {
                return;
            }
            TokenLease lease = inHand.remove(random.nextInt(inHand.size()));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    tokens.get(lease.authorization()).taken--;
                    lease.returned();
                    return;
                }
                case 3 -> {
                    lease.rejected();
                    rejected.add(lease);
                }
                case 4 -> lease.used();
                default -> lease.accepted();
            }
            spent++;
        }

        private void answer() {
            if (open.isEmpty()) {
                return;
            }
            Open mint = random.nextBoolean() ? open.removeFirst() : open.removeLast();
            int fate = random.nextInt(10);
            if (fate < 7) {
                mint.answer().complete(token(mint));
            } else if (fate < 9) {
                Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                Duration asked = kind == Kind.RATE_LIMITED ? Duration.ofSeconds(random.nextInt(90)) : null;
                mint.answer().complete(new Failed(kind, "as the seed wants it", asked));
            } else {
                mint.answer().completeExceptionally(new IllegalStateException());
            }
        }

        private MintOutcome token(Open mint) {
            Duration lifetime = Duration.ofSeconds(1 + random.nextInt(random.nextBoolean() ? 600 : 30));
            Duration tenth = lifetime.dividedBy(10);
            Duration usable = lifetime.minus(MARGIN.compareTo(tenth) < 0 ? MARGIN : tenth);
            long usableUntil = mint.sentAtNanos() + usable.toNanos();
            String value = "token-" + tokens.size();
            tokens.put("Bearer " + value, new Token(usableUntil));
            return new Minted(Secret.of(value), lifetime);
        }

        @Override
        public void minted(Duration latency) {
            issued += MAX_USES;
        }

        private void holdOrLetGo() {
            if (random.nextInt(3) == 0) {
                time.hold();
            } else {
                time.letGo();
            }
        }

        /** No use is lost and none is made up: each is ready, in a hand, spent or wasted. */
        private void checkBooks() {
            if (random.nextInt(4) == 0) {
                time.letGo();
                long ready = pool.stats().readyUses();
                assertThat(ready + inHand.size() + spent + wasted)
                        .as("all uses")
                        .isEqualTo(issued);
                assertThat(pool.stats().usesTaken()).isEqualTo(inHand.size() + spent);
            }
        }
    }
}
