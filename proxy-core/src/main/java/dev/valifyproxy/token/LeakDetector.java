package dev.valifyproxy.token;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds leases that were never resolved: once the collector has taken one, it is told with the place where it was acquired. For
 * debugging, as it takes a stack trace per call. Any thread.
 */
final class LeakDetector {

    /** Follows one lease from its acquisition to its resolution. */
    static final class Trace extends PhantomReference<TokenLease> {

        private final Throwable acquired = new Throwable("acquired here");

        private Trace(TokenLease lease, ReferenceQueue<TokenLease> lost) {
            super(lease, lost);
        }
    }

    private final PoolListener listener;
    private final ReferenceQueue<TokenLease> lost = new ReferenceQueue<>();

    /** What is in calls' hands. A reference that nobody holds would be collected with its lease. */
    private final Set<Trace> open = ConcurrentHashMap.newKeySet();

    LeakDetector(PoolListener listener) {
        this.listener = listener;
    }

    /** A call got this lease. */
    Trace follow(TokenLease lease) {
        report();
        Trace trace = new Trace(lease, lost);
        open.add(trace);
        return trace;
    }

    /** Its call resolved it. */
    void resolved(Trace trace) {
        trace.clear();
        open.remove(trace);
    }

    /** Tells of the leases that were lost since. */
    void report() {
        for (Object each = lost.poll(); each != null; each = lost.poll()) {
            if (each instanceof Trace trace && open.remove(trace)) {
                listener.leaked(trace.acquired);
            }
        }
    }
}
