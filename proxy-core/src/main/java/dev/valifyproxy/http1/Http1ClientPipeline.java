package dev.valifyproxy.http1;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.function.Consumer;

/**
 * The upstream's side of HTTP/1.1:
 *
 * <pre>
 * socket ─ TLS? ─ codec ─ ConnectionReuse ─ tail
 * </pre>
 *
 * The tail writes one exchange's request, reads its answer, and gives nothing back: when the exchange is over and the connection good for
 * another, {@code onReusable} is told; else the connection is closed, of which {@code onClosing} is told as soon as it is decided.
 */
public final class Http1ClientPipeline {

    private Http1ClientPipeline() {}

    /** Adds its handlers, and last those of {@code tail}; on the channel's event loop. */
    public static void build(
            ChannelPipeline pipeline,
            Http1Settings settings,
            Consumer<Channel> onReusable,
            Consumer<Channel> onClosing,
            Consumer<ChannelPipeline> tail) {
        ResponseDecoder decoder = new ResponseDecoder(settings);
        pipeline.addLast("decoder", decoder);
        pipeline.addLast("encoder", new RequestEncoder());
        pipeline.addLast("connection-reuse", new ConnectionReuse(decoder, onReusable, onClosing));
        tail.accept(pipeline);
    }
}
