package dev.valifyproxy.server.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.util.Map;

/** Sets up the admin port's connections. All of them live on one event loop, so a plain number counts them. */
final class AdminPipeline extends ChannelInitializer<Channel> {

    /** A few scrapers and probes; more is a mistake, or no friend. */
    static final int MAX_CONNECTIONS = 64;

    /** For a whole request head, bytes that trickle in do not extend it; above the usual intervals of scrapes. */
    static final int READ_TIMEOUT_SECONDS = 75;

    /** A health answer gains nothing by compression. */
    private static final int LEAST_COMPRESSED = 1024;

    private static final int MAX_REQUEST_LINE = 4096;
    private static final int MAX_HEADERS = 8192;

    private final AdminHandler handler;
    private final ChannelGroup open;
    private int connections;

    /** Serves these endpoints by path; each connection is put into {@code open}. */
    AdminPipeline(Map<String, Endpoint> endpoints, ChannelGroup open) {
        this.handler = new AdminHandler(endpoints);
        this.open = open;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (connections == MAX_CONNECTIONS) {
            channel.close();
            return;
        }
        connections++;
        open.add(channel);
        channel.closeFuture().addListener(closed -> connections--);
        channel.pipeline()
                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_REQUEST_LINE)
                        .setMaxHeaderSize(MAX_HEADERS)))
                .addLast(new HttpContentCompressor(LEAST_COMPRESSED, StandardCompressionOptions.gzip()))
                // Behind the codec, so that only what the codec makes out to be a head counts as read.
                .addLast(new ReadTimeoutHandler(READ_TIMEOUT_SECONDS))
                .addLast(handler);
    }
}
