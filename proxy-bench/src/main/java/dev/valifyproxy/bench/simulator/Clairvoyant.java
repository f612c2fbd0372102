package dev.valifyproxy.bench.simulator;

import java.time.Duration;

/**
 * Knows all calls to come and how long each mint will take, and sends each mint so that its token comes just in time: the bound for
 * what a scheme can reach. A call waits only if no mint could have been sent early enough, after the beginning or after all tokens
 * were forgotten; a use is wasted only if a token is too short-lived for one more call.
 */
final class Clairvoyant implements Scheme {

    /** A token is there so long before its call. */
    private static final long EARLY_NANOS = 1_000;

    /** When nothing could be there in time, the mints of the calls of so long a time are all sent at once, and the quickest serve first. */
    private static final long HASTE_NANOS = Duration.ofSeconds(1).toNanos();

    private final World world;
    private final StockedScheme stock;

    Clairvoyant(World world) {
        this.world = world;
        this.stock = new StockedScheme(world, seen -> 0);
    }

    @Override
    public void start() {
        if (world.scenario().hasInvalidation()) {
            world.time().at(forgetNanos(), stock::clear);
        }
        Times arrivals = world.arrivals();
        for (int call = 0; call < arrivals.size(); ) {
            long latency = world.issuer().drawLatency();
            long sendAt = sendTime(arrivals.get(call), latency);
            world.time().at(sendAt, () -> stock.mint(latency));
            call = firstNotServed(call, sendAt);
        }
    }

    @Override
    public void request(Caller caller) {
        stock.request(caller);
    }

    @Override
    public void requestAgain(Use rejected, Caller caller) {
        stock.requestAgain(rejected, caller);
    }

    private long sendTime(long neededAt, long latency) {
        long from = firstChance(neededAt);
        if (neededAt - from < HASTE_NANOS) {
            return from;
        }
        long sendAt = Math.max(from, neededAt - latency - EARLY_NANOS);
        BrownOut brownOut = world.scenario().brownOut();
        return brownOut.holdsAt(sendAt) ? Math.max(from, brownOut.from().toNanos() - EARLY_NANOS) : sendAt;
    }

    /** Before that no token could be minted that is still known when this call comes. */
    private long firstChance(long neededAt) {
        return world.scenario().hasInvalidation() && neededAt >= forgetNanos() ? forgetNanos() : 0;
    }

    /** The first call that needs another token than the one whose first use this call takes. */
    private int firstNotServed(int call, long sendAt) {
        Times arrivals = world.arrivals();
        long end = sendAt + world.scenario().usableNanos();
        if (world.scenario().hasInvalidation() && arrivals.get(call) < forgetNanos()) {
            end = Math.min(end, forgetNanos());
        }
        int next = call + 1;
        while (next < arrivals.size() && next < call + world.scenario().pool().maxUses() && arrivals.get(next) < end) {
            next++;
        }
        return next;
    }

    private long forgetNanos() {
        return world.scenario().invalidateAt().toNanos();
    }
}
