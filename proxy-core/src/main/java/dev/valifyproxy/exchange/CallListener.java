package dev.valifyproxy.exchange;

/** Hears of each call when it has ended; called on the call's event loop, so it must not block. */
@FunctionalInterface
public interface CallListener {

    /** Hears nothing. */
    CallListener NONE = call -> {};

    /** A call ended, in whatever way. */
    void ended(CallRecord call);

    /** This one, then another. */
    default CallListener andThen(CallListener next) {
        return call -> {
            ended(call);
            next.ended(call);
        };
    }
}
