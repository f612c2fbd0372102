package dev.valifyproxy;

import dev.valifyproxy.oauth.MintLoop;
import dev.valifyproxy.worker.Transport;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The one thread on which all tokens are minted, to be closed with the proxy: each pool's state and the connections to each token endpoint
 * live on it together.
 *
 * @param loop the thread, as a group of one event loop
 */
record Minting(EventLoopGroup loop) implements AutoCloseable {

    static Minting on(Transport transport) {
        return new Minting(MintLoop.create(transport));
    }

    ScheduledExecutorService thread() {
        return loop.next();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
