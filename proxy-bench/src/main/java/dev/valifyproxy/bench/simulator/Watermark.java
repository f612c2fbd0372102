package dev.valifyproxy.bench.simulator;

/**
 * A batch whenever the stock is below a mark and no batch is under way: the way of stores of single-use tokens.
 *
 * @param lowWater the mark, in uses
 * @param batch the size of a batch, in uses
 * @param maxUses of a token
 */
record Watermark(int lowWater, int batch, int maxUses) implements MintRule {

    @Override
    public int mintsToStart(Stock stock) {
        return stock.uses() < lowWater && stock.mints() == 0 ? MintRule.tokensFor(batch, maxUses) : 0;
    }
}
