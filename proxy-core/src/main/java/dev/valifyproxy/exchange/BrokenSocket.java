package dev.valifyproxy.exchange;

import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/** Tells a socket that broke from a bug of ours. Pure. */
final class BrokenSocket {

    private BrokenSocket() {}

    /**
     * Whether this is how a transport, or TLS, which wraps it, reports it. Netty's epoll, where it is not mended, can also tell a socket that is
     * still to be connected the event of another one; then it is read too soon.
     */
    static boolean isReportedBy(Throwable cause) {
        return cause instanceof IOException
                || cause.getCause() instanceof IOException
                || cause instanceof NotYetConnectedException;
    }
}
