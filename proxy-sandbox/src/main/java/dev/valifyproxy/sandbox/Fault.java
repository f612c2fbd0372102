package dev.valifyproxy.sandbox;

import java.time.Duration;
import java.util.List;

/**
 * Something that goes otherwise than it should for one request; see {@link FaultPlan} for how a request gets one. At most
 * one befalls a request, on top of the latency and the hold that all requests of its kind have.
 */
public sealed interface Fault {
    /** A point in the life of a request. */
    enum Moment {
        /** The request's head has been read, its body has not. Nothing has been performed, and no use of a token counts. */
        HEAD_READ,
        /** The request has been read and performed: a token's use counts, a mint has issued a token. No answer was sent. */
        PERFORMED,
        /** As {@link #PERFORMED}, and the answer's head and the first half of its body have been sent. */
        MID_ANSWER
    }

    /** How an exchange is broken off. */
    enum Cut {
        /** By a TCP reset, without a TLS close. */
        RESET,
        /** By an orderly close, which truncates an answer that has begun. */
        CLOSE,
        /** Not at all: from here on nothing is sent, and nothing of the body is taken that has not come yet. */
        STALL
    }

    /** What becomes of the connection after an answer that is complete. */
    enum Ending {
        /** It is kept, if the client keeps it. */
        KEEP,
        /** It is closed, as {@code Connection: close} has announced. */
        ANNOUNCED_CLOSE,
        /** It is closed without a word: to the client it looked as good for another request. */
        SILENT_CLOSE
    }

    /** The exchange is broken off. */
    record Broken(Cut cut, Moment moment) implements Fault {}

    /**
     * Another answer is sent. At {@link Moment#HEAD_READ} it goes out before the body is read, which is then dropped (with
     * {@code Connection: close} among its headers the connection is closed at once instead, as some servers do); at
     * {@link Moment#PERFORMED} a service call has been performed, a mint has not, and a call refused for its token is refused all the same.
     */
    record Replaced(Answer answer, Moment moment) implements Fault {
        public Replaced {
            if (moment == Moment.MID_ANSWER) {
                throw new IllegalArgumentException("moment = " + moment + ": an answer is replaced before it begins");
            }
        }
    }

    /** Nothing is performed; the client is sent to the absolute URL of the very same target. */
    record Redirected(int status) implements Fault {}

    /**
     * The request is performed; then this text stands in for the answer, sent as it is in ISO 8859-1, and the connection is
     * closed.
     */
    record Raw(String bytes) implements Fault {}

    /**
     * The right answer in an unusual form: interim answers before it and chunked (neither for HTTP/1.0), or the last on its
     * connection.
     */
    record Shaped(List<Integer> interim, boolean chunked, Ending ending) implements Fault {
        static final Shaped AS_USUAL = new Shaped(List.of(), false, Ending.KEEP);

        public Shaped {
            interim = List.copyOf(interim);
        }
    }

    /** The right answer, later than others by so much. */
    record Late(Duration delay) implements Fault {
        public Late {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("delay = " + delay + ": must not be negative");
            }
        }
    }

    /** A service call's token dies before the call is judged, so that it is refused although it was good. */
    record TokenRejected() implements Fault {}

    /** A TCP reset at this moment. */
    static Fault reset(Moment moment) {
        return new Broken(Cut.RESET, moment);
    }

    /** An orderly close at this moment. */
    static Fault close(Moment moment) {
        return new Broken(Cut.CLOSE, moment);
    }

    /** Silence from this moment on. */
    static Fault stall(Moment moment) {
        return new Broken(Cut.STALL, moment);
    }

    /** Another answer, once the request has been read. */
    static Fault answer(Answer answer) {
        return new Replaced(answer, Moment.PERFORMED);
    }

    /** Another answer, before the request's body has been read. */
    static Fault earlyAnswer(Answer answer) {
        return new Replaced(answer, Moment.HEAD_READ);
    }

    /** A redirect with this status, 307 say. */
    static Fault redirect(int status) {
        return new Redirected(status);
    }

    /** This text in place of an answer; see {@link Raw}. */
    static Fault raw(String bytes) {
        return new Raw(bytes);
    }

    /** Interim answers, 103 or 102 say, before the right one. */
    static Fault interim(Integer... statuses) {
        return new Shaped(List.of(statuses), false, Ending.KEEP);
    }

    /** The right answer, later by so much. */
    static Fault late(Duration delay) {
        return new Late(delay);
    }

    /** The right answer, chunked. */
    static Fault chunked() {
        return new Shaped(List.of(), true, Ending.KEEP);
    }

    /** The right answer, and this end of its connection. */
    static Fault ending(Ending ending) {
        return new Shaped(List.of(), false, ending);
    }
}
