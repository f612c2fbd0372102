package dev.valifyproxy.bench.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Queue;

/** A stock of tokens and a line of calls, as any pool has them; what to mint is left to a {@link MintRule}. */
final class StockedScheme implements Scheme {

    /** How long to leave the issuer alone after a failure. */
    private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();

    private static final double WEIGHT_OF_LATEST = 0.1;

    private record Waiting(Caller caller, long sinceNanos) {}

    private final World world;
    private final VirtualTime time;
    private final MintRule rule;
    private final Queue<Held> stock = new PriorityQueue<>();
    private final Deque<Waiting> line = new ArrayDeque<>();
    private int uses;
    private int mints;
    private long calls;
    private double mintNanos;
    private boolean pausing;
    private boolean alarmIsSet;

    StockedScheme(World world, MintRule rule) {
        this.world = world;
        this.time = world.time();
        this.rule = rule;
    }

    @Override
    public void start() {
        replenish();
    }

    @Override
    public void request(Caller caller) {
        calls++;
        join(caller);
    }

    @Override
    public void requestAgain(Use rejected, Caller caller) {
        join(caller);
    }

    private void join(Caller caller) {
        dropStale();
        if (line.size() < world.scenario().pool().maxWaiters()) {
            line.add(new Waiting(caller, time.getAsLong()));
            serve();
            replenish();
        } else {
            caller.refused();
        }
    }

    /** Asks for a token that takes so long. */
    void mint(long latency) {
        long sent = time.getAsLong();
        mints++;
        world.issuer().mint(latency, token -> minted(token, sent), this::failed);
    }

    /** Forgets what is in stock. */
    void clear() {
        stock.clear();
        uses = 0;
    }

    private void minted(int token, long sentNanos) {
        mints--;
        double took = time.getAsLong() - sentNanos;
        mintNanos = mintNanos == 0 ? took : mintNanos + WEIGHT_OF_LATEST * (took - mintNanos);
        Held held = new Held(token, sentNanos + world.scenario().usableNanos());
        stock.add(held);
        uses += held.left;
        serve();
        replenish();
        watchExpiry();
    }

    private void failed() {
        mints--;
        if (!pausing) {
            pausing = true;
            time.at(time.getAsLong() + PAUSE_NANOS, () -> {
                pausing = false;
                replenish();
            });
        }
    }

    private void replenish() {
        if (pausing) {
            return;
        }
        dropStale();
        int most = world.scenario().pool().bounds().maxConcurrentMints() - mints;
        MintRule.Stock seen = new MintRule.Stock(time.getAsLong(), uses, mints, line.size(), calls, mintNanos);
        for (int mint = Math.min(rule.mintsToStart(seen), most); mint > 0; mint--) {
            mint(world.issuer().drawLatency());
        }
    }

    private void serve() {
        dropStale();
        while (!line.isEmpty() && !stock.isEmpty()) {
            Held first = stock.element();
            first.left--;
            uses--;
            if (first.left == 0) {
                stock.remove();
            }
            line.remove().caller.granted(first);
        }
    }

    private void dropStale() {
        long now = time.getAsLong();
        for (Held first = stock.peek(); first != null && now >= first.usableUntilNanos; first = stock.peek()) {
            uses -= first.left;
            stock.remove();
        }
        long patience = world.scenario().pool().acquireTimeout().toNanos();
        while (!line.isEmpty() && now - line.element().sinceNanos >= patience) {
            line.remove().caller.refused();
        }
    }

    private void watchExpiry() {
        Held first = stock.peek();
        if (first != null && !alarmIsSet) {
            alarmIsSet = true;
            time.at(first.usableUntilNanos, () -> {
                alarmIsSet = false;
                replenish();
                watchExpiry();
            });
        }
    }

    /** A token in stock, the one that expires first in front; its uses are all alike. */
    private final class Held implements Use, Comparable<Held> {

        private final int token;
        private final long usableUntilNanos;
        private int left = world.scenario().pool().maxUses();

        Held(int token, long usableUntilNanos) {
            this.token = token;
            this.usableUntilNanos = usableUntilNanos;
        }

        @Override
        public int token() {
            return token;
        }

        @Override
        public void accepted() {}

        @Override
        public void rejected() {
            if (stock.remove(this)) {
                uses -= left;
            }
        }

        @Override
        public void used() {}

        @Override
        public int compareTo(Held other) {
            return Long.compare(usableUntilNanos, other.usableUntilNanos);
        }
    }
}
