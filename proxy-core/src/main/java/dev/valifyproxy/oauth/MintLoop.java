package dev.valifyproxy.oauth;

import dev.valifyproxy.worker.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SelectStrategy;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The one event loop on which tokens are minted: connections of the token source, its timers and name resolution, and, when its
 * {@code next()} is given to the pool as the mint thread, the pool's own work, so that no mint changes thread.
 */
public final class MintLoop {

    private static final String THREAD_NAME = "mint";

    /** Much less than a mint takes, and than the pool allows for the mint thread being late. */
    private static final Duration TURN = Duration.ofMillis(1);

    private MintLoop() {}

    /**
     * One loop, which the caller shuts down. io_uring is not to be had here, since AsyncHttpClient 3 tells transports by the older
     * types of group: epoll, or else NIO, stands in.
     */
    @SuppressWarnings("deprecation") // AsyncHttpClient 3.0 knows no other group than these two
    public static EventLoopGroup create(Transport wanted) {
        DefaultThreadFactory threads = new DefaultThreadFactory(THREAD_NAME, true);
        boolean epoll = wanted != Transport.NIO && Transport.EPOLL.isAvailable();
        return epoll
                ? new EpollEventLoopGroup(1, threads, MintLoop::paced)
                : new NioEventLoopGroup(1, threads, SelectorProvider.provider(), MintLoop::paced);
    }

    private static SelectStrategy paced() {
        return new PacedSelect(TURN, System::nanoTime, LockSupport::parkNanos);
    }

    /** The channel type for name resolution that works on this loop. */
    static Class<? extends DatagramChannel> datagram(EventLoopGroup loop) {
        return transport(loop).datagram();
    }

    /** The channel type for name resolution over TCP, for answers too long for a datagram. */
    static Class<? extends SocketChannel> socket(EventLoopGroup loop) {
        return transport(loop).socket();
    }

    @SuppressWarnings("deprecation") // as above
    private static Transport transport(EventLoopGroup loop) {
        return loop instanceof EpollEventLoopGroup ? Transport.EPOLL : Transport.NIO;
    }
}
