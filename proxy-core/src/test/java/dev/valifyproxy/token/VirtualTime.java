package dev.valifyproxy.token;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A clock that a test holds, ticker and wall clock in one, and the one thread that lives by it: the test's own. A task runs at once, or after the task that is
 * running; a timer runs when time is moved past it. While {@linkplain #hold() held} nothing runs until it is let go.
 */
public final class VirtualTime extends AbstractExecutorService
        implements ScheduledExecutorService, LongSupplier, InstantSource {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long nanos;
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long wallAtNanos;
    private long timersMade;
    private boolean running;
    private boolean held;

    /** A clock that begins shortly before the ticker wraps around, where sloppy comparisons break. */
    public VirtualTime() {
        this(Long.MAX_VALUE - Duration.ofSeconds(1).toNanos());
    }

    /** A clock that begins then. */
    public VirtualTime(long nanos) {
        this.nanos = nanos;
        this.wallAtNanos = nanos;
    }

    @Override
    public long getAsLong() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return wall.plusNanos(nanos - wallAtNanos);
    }

    /** Moves the wall clock alone. */
    public void setWallClock(Duration by) {
        wall = instant().plus(by);
        wallAtNanos = nanos;
    }

    /** Moves time on, timer by timer. */
    public void advance(Duration by) {
        long end = nanos + by.toNanos();
        drain();
        for (Timer next = timers.peek(); next != null && next.atNanos - end <= 0; next = timers.peek()) {
            timers.remove();
            nanos = next.atNanos - nanos > 0 ? next.atNanos : nanos;
            execute(next);
        }
        nanos = end;
    }

    /** From now on tasks wait. */
    public void hold() {
        held = true;
    }

    /** What waited runs. */
    public void letGo() {
        held = false;
        drain();
    }

    /** Timers that are set. */
    public int timers() {
        return timers.size();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        drain();
    }

    private void drain() {
        if (running || held) {
            return;
        }
        running = true;
        try {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        } finally {
            running = false;
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Timer timer = new Timer(command, nanos + Math.max(0, unit.toNanos(delay)), timersMade++);
        timers.add(timer);
        return timer;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    /** One timer; cancelled, it leaves the clock at once. */
    private final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {

        private final long atNanos;
        private final long order;

        Timer(Runnable command, long atNanos, long order) {
            super(command, null);
            this.atNanos = atNanos;
            this.order = order;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            timers.remove(this);
            return super.cancel(mayInterrupt);
        }

        @Override
        public void run() {
            super.run();
            if (isCancelled()) {
                return; // while it was held back
            }
            try {
                get();
            } catch (ExecutionException failed) {
                throw new IllegalStateException("a timer's task failed", failed.getCause());
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Timer that = (Timer) other;
            long later = atNanos - that.atNanos;
            return later == 0 ? Long.compare(order, that.order) : Long.signum(later);
        }
    }
}
