package dev.valifyproxy.listener;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.http1.Http1ServerPipeline;
import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.worker.Worker;
import dev.valifyproxy.worker.Workers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Fills a new client channel's pipeline. */
@Sharable
final class ClientChannelInitializer extends ChannelInitializer<Channel> {

    private final ChannelGroup clients;
    private final Duration writeTimeout;
    private final Http1Settings http1;
    private final Workers workers;
    private final Function<Worker, ChannelHandler> lastHandler;
    private final LongAdder writeTimeouts = new LongAdder();
    private volatile boolean draining;

    ClientChannelInitializer(
            ChannelGroup clients,
            Duration writeTimeout,
            Http1Settings http1,
            Workers workers,
            Function<Worker, ChannelHandler> lastHandler) {
        this.clients = clients;
        this.writeTimeout = writeTimeout;
        this.http1 = http1;
        this.workers = workers;
        this.lastHandler = lastHandler;
    }

    /** Connections that are set up from now on are told at once that no other follows them. Any thread. */
    void drain() {
        draining = true;
    }

    /** Connections that were reset so far because they took nothing of an answer. Any thread. */
    long writeTimeouts() {
        return writeTimeouts.sum();
    }

    @Override
    protected void initChannel(Channel channel) {
        clients.add(channel);
        Worker worker = workers.of(channel.eventLoop());
        channel.config().setAllocator(worker.buffers());
        channel.pipeline()
                .addLast("write-deadline", new WriteDeadline(writeTimeout, worker.deadlines(), writeTimeouts));
        Http1ServerPipeline.build(
                channel.pipeline(), http1, worker, pipeline -> pipeline.addLast("exchange", lastHandler.apply(worker)));
        if (draining) {
            channel.pipeline().fireUserEventTriggered(ConnectionEvent.DRAIN);
        }
    }
}
