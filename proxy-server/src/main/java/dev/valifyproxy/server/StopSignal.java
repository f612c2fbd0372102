package dev.valifyproxy.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM or SIGINT into something to wait for, and holds the process until the drain is over; then it ends with exit code 0, since
 * a stop that was asked for and went well is no failure.
 */
final class StopSignal {

    /** Beyond any drain that was configured sensibly; Kubernetes kills long before. */
    private static final long LONGEST_DRAIN_HOURS = 1;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    private StopSignal() {}

    /** Listens for the signal from now on. */
    static StopSignal install() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::holdProcess, "stop"));
        return signal;
    }

    private void holdProcess() {
        asked.countDown();
        try {
            if (finished.await(LONGEST_DRAIN_HOURS, TimeUnit.HOURS)) {
                Runtime.getRuntime().halt(ExitCode.OK.code());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the process is told to stop. */
    void await() throws InterruptedException {
        asked.await();
    }

    /** Everything that had to be done before the end is done. */
    void finished() {
        finished.countDown();
    }
}
