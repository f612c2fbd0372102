package dev.valifyproxy.bench.soak;

import dev.valifyproxy.sandbox.Answer;
import dev.valifyproxy.sandbox.Fault;
import dev.valifyproxy.sandbox.Fault.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What goes wrong in the upstream, and how often. */
enum FaultMix {
    /** Everything there is. */
    ALL {
        @Override
        void fill(Urn calls, Urn mints) {
            for (Moment moment : Moment.values()) {
                calls.add(150, Fault.reset(moment));
                calls.add(150, Fault.close(moment));
                calls.add(10, Fault.stall(moment));
                mints.add(30, Fault.reset(moment));
                mints.add(30, Fault.close(moment));
                mints.add(3, Fault.stall(moment));
            }
            calls.add(200, new Fault.TokenRejected());
            calls.add(100, Fault.answer(Answer.json(500, "{\"message\":\"Internal Server Error\"}")));
            calls.add(100, Fault.answer(Answer.json(503, "{\"message\":\"Service Unavailable\"}")));
            calls.add(50, Fault.earlyAnswer(TOO_LARGE));
            calls.add(50, Fault.earlyAnswer(TOO_LARGE.with("Connection", "close")));
            calls.add(50, Fault.raw("HTTP/1.1 two hundred\r\n\r\n"));
            calls.add(50, Fault.raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"));
            calls.add(100, Fault.interim(102, 103));
            calls.add(200, Fault.chunked());
            calls.add(100, Fault.ending(Fault.Ending.ANNOUNCED_CLOSE));
            calls.add(100, Fault.ending(Fault.Ending.SILENT_CLOSE));
            calls.add(200, Fault.late(Duration.ofMillis(200)));
            calls.add(50, Fault.late(Duration.ofSeconds(2)));
            mints.add(30, Fault.answer(Answer.json(500, "{}")));
            mints.add(30, Fault.answer(Answer.json(200, "{\"access_token\":\"\"}")));
            mints.add(30, Fault.raw("HTTP/1.1 two hundred\r\n\r\n"));
            mints.add(200, Fault.late(Duration.ofMillis(500)));
        }
    },
    /** Resets of calls' connections and nothing else, very many. */
    RESETS {
        @Override
        void fill(Urn calls, Urn mints) {
            for (Moment moment : Moment.values()) {
                calls.add(1_000, Fault.reset(moment));
            }
        }
    },
    /** Nothing. */
    NONE {
        @Override
        void fill(Urn calls, Urn mints) {
            // All goes well.
        }
    };

    private static final Answer TOO_LARGE = Answer.json(413, "{\"message\":\"Request Entity Too Large\"}");

    abstract void fill(Urn calls, Urn mints);

    /** Faults with their shares, to be drawn by chance; most draws bring none. Thread-safe once filled. */
    static final class Urn {

        private static final int TICKETS = 10_000;

        private final SplittableRandom random;
        private final List<@Nullable Fault> tickets = new ArrayList<>(TICKETS);

        Urn(SplittableRandom random) {
            this.random = random;
        }

        /** In so many of ten thousand draws. */
        private void add(int share, Fault fault) {
            for (int i = 0; i < share; i++) {
                tickets.add(fault);
            }
        }

        @Nullable
        synchronized Fault draw() {
            int ticket = random.nextInt(TICKETS);
            return ticket < tickets.size() ? tickets.get(ticket) : null;
        }
    }
}
