package dev.valifyproxy.exchange;

import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/** Tells a socket that broke from a bug of ours. Pure. */
final class BrokenSocket {

    private BrokenSocket() {}

    /**
     * Whether this is how a transport, or TLS, which wraps it, reports it. Netty 4.2.18 knows sockets of epoll by their descriptors: when one is closed and another made
     * while a batch of events is handled, the new one can be told an event of the old, is read, and is not connected yet.
     */
    static boolean isReportedBy(Throwable cause) {
        return cause instanceof IOException
                || cause.getCause() instanceof IOException
                || cause instanceof NotYetConnectedException;
    }
}
