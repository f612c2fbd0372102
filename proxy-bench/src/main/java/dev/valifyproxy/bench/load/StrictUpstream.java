package dev.valifyproxy.bench.load;

import dev.valifyproxy.worker.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A fast upstream that is strict about tokens: what the benchmarks call where no nginx with Lua is there to play it, and what the guard
 * calls. Its paths, each answered {@link #ANSWER_BYTES} long unless said, are
 *
 * <ul>
 *   <li>{@code /api/o/token/}: a token, for any credentials;
 *   <li>{@code /api/…}: takes a use of the call's token, or refuses it;
 *   <li>{@code /plain/…}: asks for no token;
 *   <li>{@code /big/…}: asks for none either; {@value #BIG_BYTES} bytes;
 *   <li>{@code /stats}: the ledger's counts.
 * </ul>
 *
 * A call's {@code X-Call} comes back with its answer. Any thread; one event loop.
 */
final class StrictUpstream implements AutoCloseable {

    /** How long an ordinary answer's body is. */
    static final int ANSWER_BYTES = 400;

    /** How long a big one is. */
    static final int BIG_BYTES = 1 << 20;

    private static final int BACKLOG = 4096;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("upstream", true), Transport.best().ioHandler());
    private final Channel listening;

    /** Listens when this returns. */
    StrictUpstream(Settings settings) {
        Ledger ledger = new Ledger(settings.uses(), settings.lifetime().toNanos(), System::nanoTime);
        listening = new ServerBootstrap()
                .group(loops)
                .channel(Transport.best().serverSocket())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(new HttpDecoderConfig().setMaxChunkSize(BIG_BYTES)))
                                .addLast(new StrictHandler(settings, ledger));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()))
                .syncUninterruptibly()
                .channel();
    }

    /** Its base URL. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + ((InetSocketAddress) listening.localAddress()).getPort());
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /**
     * How it answers.
     *
     * @param port on loopback; 0 for any
     * @param uses calls that a token serves
     * @param lifetime of a token
     * @param mintDelay before a token is answered
     * @param callDelay before a call that bears a token is
     */
    record Settings(int port, int uses, Duration lifetime, Duration mintDelay, Duration callDelay) {

        /** Any port, tokens as Valify issues them, no delay. */
        static final Settings DEFAULT = new Settings(0, 3, Duration.ofMinutes(10), Duration.ZERO, Duration.ZERO);

        /** The same with tokens that serve so many calls. */
        Settings withUses(int more) {
            return new Settings(port, more, lifetime, mintDelay, callDelay);
        }
    }
}
