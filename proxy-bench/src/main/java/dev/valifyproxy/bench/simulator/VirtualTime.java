package dev.valifyproxy.bench.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The clock of one simulated world, and the one thread that lives by it. Timers run in the order of their time, those of one moment in the
 * order in which they were set; a task runs after what is running, at the same moment.
 */
final class VirtualTime extends AbstractExecutorService
        implements ScheduledExecutorService, LongSupplier, InstantSource {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long nanos;
    private long timersMade;

    /** Nanoseconds since the beginning of this world. */
    @Override
    public long getAsLong() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    /** Runs all that is due up to this moment, and all that follows from it. */
    void runUntil(long end) {
        drain();
        for (Timer next = timers.peek(); next != null && next.atNanos <= end; next = timers.peek()) {
            timers.remove();
            nanos = next.atNanos;
            next.run();
            drain();
        }
        nanos = end;
    }

    /** Runs then, or now if that has passed. */
    Timer at(long whenNanos, Runnable action) {
        Timer timer = new Timer(action, Math.max(nanos, whenNanos), timersMade++);
        timers.add(timer);
        return timer;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    private void drain() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return at(nanos + unit.toNanos(delay), command);
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

    /** One timer. Cancelled, it stays in the queue until its time and does nothing then. */
    final class Timer implements ScheduledFuture<Void> {

        private final Runnable action;
        private final long atNanos;
        private final long order;
        private boolean cancelled;
        private boolean done;

        private Timer(Runnable action, long atNanos, long order) {
            this.action = action;
            this.atNanos = atNanos;
            this.order = order;
        }

        private void run() {
            if (!cancelled) {
                done = true;
                action.run();
            }
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            boolean first = !done && !cancelled;
            cancelled = !done;
            return first;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean isDone() {
            return done || cancelled;
        }

        @Override
        public Void get() {
            throw new UnsupportedOperationException("nobody can wait in a world of one thread");
        }

        @Override
        public Void get(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException("nobody can wait in a world of one thread");
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Timer that = (Timer) other;
            int byTime = Long.compare(atNanos, that.atNanos);
            return byTime == 0 ? Long.compare(order, that.order) : byTime;
        }
    }
}
