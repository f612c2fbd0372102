package dev.valifyproxy;

import dev.valifyproxy.oauth.MintLoop;
import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.oauth.OAuthTokenSource;
import dev.valifyproxy.token.TokenSource;
import dev.valifyproxy.worker.Transport;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What minting needs of its own, to be closed with the proxy: one thread, on which the pool's state and the token endpoint's connections
 * live together, and the source of tokens.
 *
 * @param loop the thread, as a group of one event loop
 * @param source where tokens come from
 */
record Minting(EventLoopGroup loop, TokenSource source) implements AutoCloseable {

    /** With the configured source, unless the embedder brings one. */
    static Minting of(OAuthSettings settings, Transport transport, @Nullable TokenSource own) {
        EventLoopGroup loop = MintLoop.create(transport);
        return new Minting(loop, own != null ? own : new OAuthTokenSource(settings, loop));
    }

    ScheduledExecutorService thread() {
        return loop.next();
    }

    /** An embedder's source is the embedder's to close. */
    @Override
    public void close() {
        if (source instanceof OAuthTokenSource ours) {
            ours.close();
        }
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
