package dev.valifyproxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** An address that answers no attempt to connect: whoever listens there accepts nobody, and its backlog is full. */
public final class BlackHole implements Closeable {

    private static final int PATIENCE_MILLIS = 100;

    private final ServerSocket server;
    private final List<Socket> waiting = new ArrayList<>();

    public BlackHole() throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** At this address. */
    public BlackHole(InetSocketAddress address) throws IOException {
        server = new ServerSocket(address.getPort(), 1, address.getAddress());
        while (isOpen()) {
            // One more waits.
        }
    }

    private boolean isOpen() throws IOException {
        Socket socket = new Socket();
        waiting.add(socket);
        try {
            socket.connect(server.getLocalSocketAddress(), PATIENCE_MILLIS);
            return true;
        } catch (SocketTimeoutException full) {
            return false;
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : waiting) {
            socket.close();
        }
        server.close();
    }
}
