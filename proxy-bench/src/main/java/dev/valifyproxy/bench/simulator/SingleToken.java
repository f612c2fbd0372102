package dev.valifyproxy.bench.simulator;

/** One token at a time, asked for by the first call that finds none: what every proxy does for tokens that expire only by time. */
record SingleToken() implements MintRule {

    @Override
    public int mintsToStart(Stock stock) {
        return stock.waiting() > 0 && stock.mints() == 0 ? 1 : 0;
    }
}
