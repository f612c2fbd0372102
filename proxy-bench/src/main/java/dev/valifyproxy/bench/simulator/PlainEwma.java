package dev.valifyproxy.bench.simulator;

import java.time.Duration;

/**
 * What is used while a mint is under way, times a safety, on the word of one moving average of the rate: the sketch of a policy that
 * everybody draws first.
 */
final class PlainEwma implements MintRule {

    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

    private final double memoryNanos;
    private final double safety;
    private final int floor;
    private final int maxUses;
    private long lastNanos;
    private long lastCalls;
    private double perNano;

    /**
     * A policy that knows of no call yet.
     *
     * @param memory how far back the average reaches
     * @param safety how much more is kept ready than the average says
     * @param floor uses kept ready in any case
     * @param maxUses of a token
     */
    PlainEwma(Duration memory, double safety, int floor, int maxUses) {
        this.memoryNanos = memory.toNanos();
        this.safety = safety;
        this.floor = floor;
        this.maxUses = maxUses;
    }

    @Override
    public int mintsToStart(Stock stock) {
        look(stock);
        long wanted = Math.round(perNano * stock.mintNanos() * safety) + floor + stock.waiting();
        return MintRule.tokensFor(wanted - stock.uses() - (long) stock.mints() * maxUses, maxUses);
    }

    private void look(Stock stock) {
        long elapsed = stock.now() - lastNanos;
        if (elapsed >= LOOK_NANOS) {
            double seen = (double) (stock.calls() - lastCalls) / elapsed;
            perNano += (1 - Math.exp(-elapsed / memoryNanos)) * (seen - perNano);
            lastNanos = stock.now();
            lastCalls = stock.calls();
        }
    }
}
