package dev.valifyproxy.token;

/**
 * What a call in line for a use is told: one of the two, once, on the mint thread. A receiver that no longer wants its lease
 * (its call was abandoned meanwhile) resolves it as {@linkplain TokenLease#returned() returned}.
 */
public interface LeaseReceiver {

    /** A use is there, and the receiver's to resolve. */
    void acquired(TokenLease lease);

    /** None came, or none will. */
    void unavailable(Shortage shortage);
}
