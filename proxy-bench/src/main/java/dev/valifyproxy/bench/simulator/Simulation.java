package dev.valifyproxy.bench.simulator;

import dev.valifyproxy.token.ReplayBudget;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Function;

/** One scheme in one world. Calls come, take their use, go to the upstream with it, and are tried once more if it is refused. */
final class Simulation {

    /** After the last call, so long until every call has come to its end: twice in line, and some. */
    private static final long AFTERMATH_NANOS = Duration.ofSeconds(60).toNanos();

    private final Scenario scenario;
    private final VirtualTime time = new VirtualTime();
    private final Times arrivals;
    private final Issuer issuer;
    private final Scheme scheme;
    private final ReplayBudget budget = new ReplayBudget();
    private final Times waits = new Times();
    private int next;
    private int late;
    private int lateInWindow;
    private int callsInWindow;
    private int refused;
    private int answeredRejected;

    private Simulation(Scenario scenario, Function<World, Scheme> scheme, long seed) {
        this.scenario = scenario;
        // A stream for each: so all schemes meet the same calls, and the nth mint of each takes as long.
        SplittableRandom random = new SplittableRandom(seed);
        this.arrivals = scenario.trace().arrivals(scenario.length().toNanos(), random.split());
        this.issuer = new Issuer(scenario, time, random.split());
        this.scheme = scheme.apply(new World(scenario, time, issuer, random.split(), arrivals));
    }

    /** What came of it; the same seed gives the same calls, mint latencies and jitter. */
    static Run run(Scenario scenario, Function<World, Scheme> scheme, long seed) {
        return new Simulation(scenario, scheme, seed).run();
    }

    private Run run() {
        scheme.start();
        if (scenario.hasInvalidation()) {
            time.at(scenario.invalidateAt().toNanos(), issuer::forgetAll);
        }
        scheduleNext();
        time.runUntil(scenario.length().toNanos());
        // Before the aftermath, in which nobody calls and every stock goes stale.
        int asked = issuer.asked();
        int mintsInWindow = issuer.mintedSince(scenario.window().from().toNanos());
        int expiredUnused = issuer.expiredUnused();
        int leftOver = issuer.leftOver();
        time.runUntil(scenario.length().toNanos() + AFTERMATH_NANOS);
        waits.sort();
        return new Run(
                arrivals.size(),
                callsInWindow,
                late,
                lateInWindow,
                waits,
                refused,
                answeredRejected,
                asked,
                mintsInWindow,
                issuer.peakInFlight(),
                expiredUnused,
                leftOver,
                issuer.overUses(),
                issuer.expiredUses(),
                issuer.rejections());
    }

    private void scheduleNext() {
        if (next < arrivals.size()) {
            time.at(arrivals.get(next++), this::arrive);
        }
    }

    private void arrive() {
        scheduleNext();
        budget.call();
        scheme.request(new Call());
    }

    /** One call, from its coming to its answer. */
    private final class Call implements Scheme.Caller {

        private final long cameNanos = time.getAsLong();
        private long inLineSinceNanos = cameNanos;
        private long waitedNanos;
        private boolean secondTry;
        private boolean gotNone;

        @Override
        public void granted(Scheme.Use use) {
            waitedNanos += time.getAsLong() - inLineSinceNanos;
            boolean performed = issuer.performs(use.token());
            time.at(time.getAsLong() + scenario.apiLatency().toNanos(), () -> answered(use, performed));
        }

        private void answered(Scheme.Use use, boolean performed) {
            if (performed) {
                use.accepted();
                end();
            } else if (secondTry) {
                use.used();
                answeredRejected++;
                end();
            } else {
                use.rejected();
                tryAgain(use);
            }
        }

        private void tryAgain(Scheme.Use rejected) {
            if (budget.trySpend()) {
                secondTry = true;
                inLineSinceNanos = time.getAsLong();
                scheme.requestAgain(rejected, this);
            } else {
                answeredRejected++;
                end();
            }
        }

        @Override
        public void refused() {
            waitedNanos += time.getAsLong() - inLineSinceNanos;
            if (secondTry) {
                answeredRejected++;
            } else {
                refused++;
                gotNone = true;
            }
            end();
        }

        private void end() {
            boolean isLate = waitedNanos > 0 || gotNone;
            late += isLate ? 1 : 0;
            if (scenario.window().holds(cameNanos)) {
                callsInWindow++;
                lateInWindow += isLate ? 1 : 0;
                if (waitedNanos > 0) {
                    waits.add(waitedNanos);
                }
            }
        }
    }
}
