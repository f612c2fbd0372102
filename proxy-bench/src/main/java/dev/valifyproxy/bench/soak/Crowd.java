package dev.valifyproxy.bench.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** All clients, each on a thread of its own, and a watch over their calls. */
final class Crowd {

    private static final long WATCH_NANOS = 500_000_000;
    private static final long STACK_BYTES = 256 * 1024;

    private final List<Caller> callers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

    Crowd(SoakSettings settings, int port, Book book, Views views, SplittableRandom random) {
        // A client waits longer than the watch, which tells a call that is stuck from one that is slow.
        Duration socketPatience = SoakSettings.PATIENCE.multipliedBy(2);
        for (int i = 0; i < settings.connections(); i++) {
            Caller caller = new Caller(port, socketPatience, book, views, random.split());
            Thread thread = new Thread(null, caller, "client-" + i, STACK_BYTES);
            thread.setUncaughtExceptionHandler((dead, failure) -> failures.add(failure));
            callers.add(caller);
            threads.add(thread);
        }
    }

    /** Lets them call for so long; returns when each has ended its last call. Why clients died, which must not be. */
    List<Throwable> run(Duration length) {
        threads.forEach(Thread::start);
        long end = System.nanoTime() + length.toNanos();
        while (threads.stream().anyMatch(Thread::isAlive)) {
            Pace.pause(WATCH_NANOS);
            if (System.nanoTime() > end) {
                callers.forEach(Caller::stop);
            }
            callers.forEach(Crowd::giveUpIfStuck);
        }
        return failures;
    }

    private static void giveUpIfStuck(Caller caller) {
        long since = caller.openSince();
        if (since != 0 && System.nanoTime() - since > SoakSettings.PATIENCE.toNanos()) {
            try {
                caller.giveUp();
            } catch (IOException e) {
                throw new UncheckedIOException("a socket cannot be closed", e);
            }
        }
    }
}
