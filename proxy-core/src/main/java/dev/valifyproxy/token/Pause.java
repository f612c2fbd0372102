package dev.valifyproxy.token;

import java.time.Duration;

/** The time for which the issuer is left alone after a failure, and its alarm. Mint thread only. */
final class Pause {

    private final Surroundings around;
    private final Backoff backoff;
    private final Alarm alarm;
    private boolean askedFor;

    /** With what is to happen when it is over. */
    Pause(Surroundings around, Runnable over) {
        this.around = around;
        this.backoff = new Backoff(around.random());
        this.alarm = new Alarm(around, over);
    }

    boolean isOn() {
        return alarm.isSet();
    }

    /** A mint failed. A pause that lasts longer already stays. */
    void failed(MintOutcome.Failed failure, boolean refused, boolean callsWait) {
        Duration length = refused ? backoff.whileRefused() : backoff.afterFailure(failure.retryAfter(), callsWait);
        long until = around.now() + length.toNanos();
        if (!isOn() || until - alarm.atNanos() > 0) {
            alarm.ringAt(until);
            askedFor = !refused && failure.retryAfter() != null;
        }
    }

    /** A mint succeeded: what the issuer asked for is kept all the same. */
    void succeeded() {
        backoff.reset();
        if (!askedFor) {
            alarm.cancel();
        }
    }

    /** One that began while nobody waited ends sooner once somebody does, unless the issuer asked for it. */
    void shorten() {
        long soon = around.now() + Backoff.LONGEST_WHILE_CALLS_WAIT.toNanos();
        if (isOn() && !askedFor && alarm.atNanos() - soon > 0) {
            alarm.ringAt(soon);
        }
    }

    /** It is over, whatever the reason was. */
    void end() {
        backoff.reset();
        alarm.cancel();
    }
}
