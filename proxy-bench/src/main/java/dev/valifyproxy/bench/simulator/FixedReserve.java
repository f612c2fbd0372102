package dev.valifyproxy.bench.simulator;

/**
 * A reserve of fixed size, filled up whenever it is not full; what is under way counts, and so do the calls in line.
 *
 * @param uses the size of the reserve
 * @param maxUses of a token
 */
record FixedReserve(int uses, int maxUses) implements MintRule {

    @Override
    public int mintsToStart(Stock stock) {
        long missing = (long) uses + stock.waiting() - stock.uses() - (long) stock.mints() * maxUses;
        return MintRule.tokensFor(missing, maxUses);
    }
}
