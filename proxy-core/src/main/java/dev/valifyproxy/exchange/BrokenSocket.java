package dev.valifyproxy.exchange;

import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/** Tells a socket that broke from a bug of ours. Pure. */
final class BrokenSocket {

    private BrokenSocket() {}

    /**
     * Whether this is how a transport, or TLS, which wraps it, reports it. Epoll says that a socket is not yet connected when it is read after a reset that a write has
     * been told of already: an error is told once.
     */
    static boolean isReportedBy(Throwable cause) {
        return cause instanceof IOException
                || cause.getCause() instanceof IOException
                || cause instanceof NotYetConnectedException;
    }
}
