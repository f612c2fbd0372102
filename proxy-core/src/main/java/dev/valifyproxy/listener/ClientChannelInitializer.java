package dev.valifyproxy.listener;

import dev.valifyproxy.http1.Http1ServerPipeline;
import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.worker.Worker;
import dev.valifyproxy.worker.Workers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Fills a new client channel's pipeline, or closes the channel if there are too many already. */
@Sharable
final class ClientChannelInitializer extends ChannelInitializer<Channel> {

    private final ChannelGroup clients;
    private final int maxConnections;
    private final Http1Settings http1;
    private final Workers workers;
    private final Function<Worker, ChannelHandler> lastHandler;
    private final AtomicInteger open = new AtomicInteger();

    ClientChannelInitializer(
            ChannelGroup clients,
            int maxConnections,
            Http1Settings http1,
            Workers workers,
            Function<Worker, ChannelHandler> lastHandler) {
        this.clients = clients;
        this.maxConnections = maxConnections;
        this.http1 = http1;
        this.workers = workers;
        this.lastHandler = lastHandler;
    }

    @Override
    protected void initChannel(Channel channel) {
        int now = open.incrementAndGet();
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        if (now > maxConnections) {
            channel.close();
            return;
        }
        clients.add(channel);
        Worker worker = workers.of(channel.eventLoop());
        Http1ServerPipeline.build(
                channel.pipeline(), http1, worker, pipeline -> pipeline.addLast("exchange", lastHandler.apply(worker)));
    }

    /** Channels open at present. */
    int open() {
        return open.get();
    }
}
