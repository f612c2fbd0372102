package dev.valifyproxy.bench.jmh;

import com.sun.management.ThreadMXBean;
import dev.valifyproxy.token.TokenLease;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a call pays that finds a use ready: to take it, and later to say that the upstream accepted it.
 *
 * <p>An iteration is one pass over a pool that was filled before it, so the score is the time of one take-and-accept, and
 * {@code allocatedBytes} is what the threads allocated in a whole pass, which is to be some dozens of bytes for {@value #USES} takes.
 * ({@code -prof gc} would count the filling too.)
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(TakeReadyUse.USES)
@Warmup(iterations = 100)
@Measurement(iterations = 100)
@Fork(2)
public class TakeReadyUse {

    static final int USES = 20_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FullPool pool;

    /** JMH sets the pool up before it measures. */
    @SuppressWarnings("NullAway.Init")
    public TakeReadyUse() {}

    /** Fills a pool. */
    @Setup(Level.Iteration)
    public void fill(BenchmarkParams params) {
        pool = new FullPool(USES * params.getThreads());
    }

    /** Ends it. */
    @TearDown(Level.Iteration)
    public void close() {
        pool.close();
    }

    /** What a thread allocated. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Allocation {

        /** In one pass. */
        public long allocatedBytes;
    }

    /** One thread. */
    @Benchmark
    @Threads(1)
    public void uncontended(Allocation allocation, Blackhole hole) {
        pass(allocation, hole);
    }

    /** Two threads on one pool. */
    @Benchmark
    @Threads(2)
    public void byTwoThreads(Allocation allocation, Blackhole hole) {
        pass(allocation, hole);
    }

    private void pass(Allocation allocation, Blackhole hole) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int use = 0; use < USES; use++) {
            TokenLease lease = pool.take();
            hole.consume(lease.authorization());
            lease.accepted();
        }
        allocation.allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
