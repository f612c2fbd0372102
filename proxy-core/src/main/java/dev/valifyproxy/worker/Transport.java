package dev.valifyproxy.worker;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import org.jspecify.annotations.Nullable;

/** How sockets are driven: {@code server.transport}. */
public enum Transport {
    /** The kernel's completion queue; Linux 5.9 or later, and often forbidden inside containers. */
    IO_URING("io_uring"),
    /** The kernel's readiness queue; any Linux. */
    EPOLL("epoll"),
    /** The JDK's selector; anywhere. */
    NIO("nio");

    private static final String MULTISHOT_POLL = "io.netty.iouring.pollAddMultishotEnabled";

    static {
        // Read when Netty's io_uring classes are loaded. A poll of many shots tells of a reset once. When that comes
        // while a read is under way that still brings bytes, Netty 4.2.18 takes the socket to be empty, and waits for
        // a poll that has told all it will. A poll of one shot is set anew after each read, and then tells it.
        if (System.getProperty(MULTISHOT_POLL) == null) {
            System.setProperty(MULTISHOT_POLL, "false");
        }
    }

    private final String label;

    Transport(String label) {
        this.label = label;
    }

    /** The name it has in configuration and logs. */
    public String label() {
        return label;
    }

    /** The transport of this name, or null. */
    public static @Nullable Transport named(String label) {
        for (Transport transport : values()) {
            if (transport.label.equals(label)) {
                return transport;
            }
        }
        return null;
    }

    /** What {@code auto} means. Not io_uring, though it costs a little less a call: it is younger, and often forbidden. */
    public static Transport best() {
        return EPOLL.isAvailable() ? EPOLL : NIO;
    }

    /** Whether it works here. */
    public boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /** Why it does not work here, or null if it does. */
    public @Nullable Throwable unavailabilityCause() {
        return switch (this) {
            case IO_URING -> IoUring.unavailabilityCause();
            case EPOLL -> Epoll.unavailabilityCause();
            case NIO -> null;
        };
    }

    /** Drives one event loop. */
    public IoHandlerFactory ioHandler() {
        return switch (this) {
            case IO_URING -> IoUringIoHandler.newFactory();
            case EPOLL -> MendedEpoll.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** Channel type for listening. */
    public Class<? extends ServerSocketChannel> serverSocket() {
        return switch (this) {
            case IO_URING -> IoUringServerSocketChannel.class;
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    /** Channel type for connecting. */
    public Class<? extends SocketChannel> socket() {
        return switch (this) {
            case IO_URING -> IoUringSocketChannel.class;
            case EPOLL -> EpollSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }

    /** Channel type for name resolution. */
    public Class<? extends DatagramChannel> datagram() {
        return switch (this) {
            case IO_URING -> IoUringDatagramChannel.class;
            case EPOLL -> EpollDatagramChannel.class;
            case NIO -> NioDatagramChannel.class;
        };
    }
}
