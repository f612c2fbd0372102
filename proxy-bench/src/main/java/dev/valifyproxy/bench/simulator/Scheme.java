package dev.valifyproxy.bench.simulator;

/** A way to have tokens ready for calls. It sees what a proxy sees: calls as they come, and the ends of its mints. */
interface Scheme {

    /** Begins, at the beginning of the world. */
    void start();

    /** Gives a call a use, at once if one is ready, else as soon as one is; or refuses it. */
    void request(Caller caller);

    /** As {@link #request}, for a call whose use was refused by the upstream. */
    void requestAgain(Use rejected, Caller caller);

    /** A call that wants a use. It is told one of the two, once. */
    interface Caller {

        /** A use is there. */
        void granted(Use use);

        /** None came within the time a call waits, or too many wait. */
        void refused();
    }

    /** One use in a call's hands, resolved once. */
    interface Use {

        /** The token's number in the issuer's ledger. */
        int token();

        /** The upstream took it. */
        void accepted();

        /** The upstream refused it, and the call is tried once more or not at all. */
        void rejected();

        /** The upstream refused the call's second token too: that is taken as the call's own fault. */
        void used();
    }
}
