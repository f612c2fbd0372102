package dev.valifyproxy.http1;

import dev.valifyproxy.worker.ReadControl;
import dev.valifyproxy.worker.Worker;
import io.netty.channel.ChannelPipeline;
import java.util.function.Consumer;

/**
 * The client's side of HTTP/1.1:
 *
 * <pre>
 * socket ─ codec ─ RequestQueue ─ ReadDeadlines ─ ResponseFraming ─ tail
 * </pre>
 *
 * The tail gets the messages of one exchange at a time, heads that break a rule marked by their decoder result, and writes answers
 * without a thought for versions or framing.
 */
public final class Http1ServerPipeline {

    private Http1ServerPipeline() {}

    /** Adds its handlers, and last those of {@code tail}; on the channel's event loop, which is this worker's. */
    public static void build(
            ChannelPipeline pipeline, Http1Settings settings, Worker worker, Consumer<ChannelPipeline> tail) {
        ReadControl reading = ReadControl.of(pipeline.channel());
        RequestDecoder decoder = new RequestDecoder(settings);
        ResponseEncoder encoder = new ResponseEncoder();
        pipeline.addLast("decoder", decoder);
        pipeline.addLast("encoder", encoder);
        RequestQueue queue = new RequestQueue(worker, reading, decoder);
        pipeline.addLast("request-queue", queue);
        pipeline.addLast("read-deadlines", new ReadDeadlines(settings, worker, reading, decoder, queue::isHolding));
        pipeline.addLast("response-framing", new ResponseFraming(worker, encoder));
        tail.accept(pipeline);
    }
}
