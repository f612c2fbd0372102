package dev.valifyproxy.bench.simulator;

import java.util.random.RandomGenerator;

/** When calls come. */
@FunctionalInterface
interface Trace {

    /** Nanoseconds in a second. */
    double SECOND = 1e9;

    /** What follows one call. */
    @FunctionalInterface
    interface Gap {
        /** Nanoseconds to the next call. */
        double next(RandomGenerator random);
    }

    /** The times of all calls within the first {@code length} nanoseconds, ascending. */
    Times arrivals(long length, RandomGenerator random);

    /** Like clockwork, the first after one period. */
    static Trace constant(double perSecond) {
        return renewal(random -> SECOND / perSecond);
    }

    /** Calls that know nothing of each other. */
    static Trace poisson(double perSecond) {
        return renewal(random -> exponential(random, perSecond));
    }

    /** Gaps of a Lomax distribution: thick clusters, and silences without a typical length. */
    static Trace heavyTail(double perSecond, double shape) {
        double scale = SECOND / perSecond * (shape - 1);
        return renewal(random -> scale * (Math.pow(1 - random.nextDouble(), -1 / shape) - 1));
    }

    /** At random times, as many calls at once as a Pareto distribution says, a thousand at the most. */
    static Trace batches(double batchesPerSecond, double shape) {
        return (length, random) -> {
            Times times = new Times();
            for (double at = exponential(random, batchesPerSecond);
                    at < length;
                    at += exponential(random, batchesPerSecond)) {
                int size = (int) Math.min(1_000, Math.pow(1 - random.nextDouble(), -1 / shape));
                for (int call = 0; call < size; call++) {
                    times.add((long) at);
                }
            }
            return times;
        };
    }

    /** A day: no call at its beginning and its end, the peak's rate in its middle. */
    static Trace wave(double peakPerSecond, double periodSeconds) {
        return thinned(
                peakPerSecond, at -> peakPerSecond * (1 - Math.cos(2 * Math.PI * at / (periodSeconds * SECOND))) / 2);
    }

    /** One rate before a moment, another from then on. */
    static Trace step(double beforePerSecond, double afterPerSecond, double atSeconds) {
        return thinned(
                Math.max(beforePerSecond, afterPerSecond),
                at -> at < atSeconds * SECOND ? beforePerSecond : afterPerSecond);
    }

    /** In each period one rate for its first part, another for its rest. */
    static Trace pulses(double firstPerSecond, double firstSeconds, double restPerSecond, double periodSeconds) {
        return thinned(
                Math.max(firstPerSecond, restPerSecond),
                at -> at % (periodSeconds * SECOND) < firstSeconds * SECOND ? firstPerSecond : restPerSecond);
    }

    /** So many calls at one moment. */
    static Trace burst(int calls, double atSeconds) {
        return (length, random) -> {
            Times times = new Times();
            for (int call = 0; call < calls; call++) {
                times.add((long) (atSeconds * SECOND));
            }
            return times;
        };
    }

    private static Trace renewal(Gap gap) {
        return (length, random) -> {
            Times times = new Times();
            for (double at = gap.next(random); at < length; at += gap.next(random)) {
                times.add((long) at);
            }
            return times;
        };
    }

    /** A Poisson process whose rate changes: one of the highest rate, of which only the due share of calls is kept. */
    private static Trace thinned(double mostPerSecond, Rate rate) {
        return (length, random) -> {
            Times times = new Times();
            for (double at = exponential(random, mostPerSecond);
                    at < length;
                    at += exponential(random, mostPerSecond)) {
                if (random.nextDouble() * mostPerSecond < rate.perSecondAt(at)) {
                    times.add((long) at);
                }
            }
            return times;
        };
    }

    private static double exponential(RandomGenerator random, double perSecond) {
        return random.nextExponential() * SECOND / perSecond;
    }

    /** A rate that changes. */
    @FunctionalInterface
    interface Rate {
        /** Calls per second at this moment. */
        double perSecondAt(double nanos);
    }
}
