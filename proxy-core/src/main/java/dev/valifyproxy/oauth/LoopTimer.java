package dev.valifyproxy.oauth;

import io.netty.channel.EventLoop;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers on an event loop, for a library that would else start a thread that ticks ten times a second. */
final class LoopTimer implements Timer {

    private static final Logger log = LoggerFactory.getLogger(LoopTimer.class);

    private final EventLoop loop;

    LoopTimer(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        return new LoopTimeout(task, delay, unit);
    }

    /** The loop is not ours to stop, and ends what is still set when it ends. */
    @Override
    public Set<Timeout> stop() {
        return Set.of();
    }

    private final class LoopTimeout implements Timeout {

        private final TimerTask task;
        private final ScheduledFuture<?> scheduled;

        LoopTimeout(TimerTask task, long delay, TimeUnit unit) {
            this.task = task;
            this.scheduled = loop.schedule(this::expire, delay, unit);
        }

        private void expire() {
            try {
                task.run(this);
            } catch (Exception bug) {
                log.warn("a timer's task failed", bug);
            }
        }

        @Override
        public Timer timer() {
            return LoopTimer.this;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            return scheduled.isDone() && !scheduled.isCancelled();
        }

        @Override
        public boolean isCancelled() {
            return scheduled.isCancelled();
        }

        @Override
        public boolean cancel() {
            return scheduled.cancel(false);
        }
    }
}
