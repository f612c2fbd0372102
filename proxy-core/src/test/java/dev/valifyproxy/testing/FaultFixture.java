package dev.valifyproxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A proxy whose upstream fails in one way. */
public final class FaultFixture implements Closeable {

    private static final Duration SHORT = Duration.ofMillis(200);

    public final Fixture fixture;
    private final BlackHole blackHole;
    private final CountDownLatch headReceived = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    public FaultFixture(Fault fault) throws IOException {
        blackHole = fault == Fault.BLACK_HOLED ? new BlackHole() : null;
        fixture = new Fixture(config -> {
            // Any other fault is to be met before a deadline, on the slowest machine.
            if (fault == Fault.BLACK_HOLED) {
                config.connect = SHORT;
            } else if (fault.isSilent()) {
                config.tlsHandshake = SHORT;
                config.responseHead = SHORT;
                config.responseIdle = SHORT;
            }
            if (fault == Fault.REFUSED) {
                config.upstream = URI.create("http://127.0.0.1:" + freePort());
            } else if (blackHole != null) {
                config.upstream = URI.create("http://127.0.0.1:" + blackHole.port());
            } else if (fault.isOfTls()) {
                config.upstream = URI.create("https://127.0.0.1:" + config.upstream.getPort());
            }
        });
        if (fault.script != null) {
            fixture.upstream.script(connection -> fault.script.run(connection, this));
        }
    }

    /** One at which nobody listens. */
    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The client has an answer's head. */
    public void headReceived() {
        headReceived.countDown();
    }

    void awaitHeadReceived() throws InterruptedException {
        headReceived.await();
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    void drain() {
        CompletableFuture.runAsync(() -> {
            try {
                fixture.proxy.drain(Duration.ofMillis(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Override
    public void close() throws IOException {
        ended.countDown();
        headReceived.countDown();
        fixture.close();
        if (blackHole != null) {
            blackHole.close();
        }
    }
}
