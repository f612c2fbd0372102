package dev.valifyproxy.worker;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The event loops on which all calls are served. Any thread. */
public final class Workers {

    private final Transport transport;
    private final EventLoopGroup group;
    private final List<Worker> workers = new ArrayList<>();

    /** Starts them; {@link IllegalArgumentException} if the transport that was asked for does not work here. */
    public Workers(WorkerSettings settings, LongSupplier nanoTime) {
        Transport wanted = settings.transport();
        this.transport = wanted != null ? wanted : Transport.best();
        if (!transport.isAvailable()) {
            throw new IllegalArgumentException("server.transport = " + transport.label() + " does not work here: "
                    + transport.unavailabilityCause());
        }
        this.group = newGroup(transport, settings.count());
        for (int i = 0; i < settings.count(); i++) {
            Worker worker = new Worker(i, group.next(), nanoTime);
            worker.loop().terminationFuture().addListener(ended -> worker.ended());
            workers.add(worker);
        }
    }

    private static EventLoopGroup newGroup(Transport transport, int count) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("worker"), transport.ioHandler());
    }

    /** How sockets are driven. */
    public Transport transport() {
        return transport;
    }

    /** The loops as Netty wants them. */
    public EventLoopGroup group() {
        return group;
    }

    /** All of them. */
    public List<Worker> all() {
        return List.copyOf(workers);
    }

    /** The worker of this event loop, which must be one of ours. */
    public Worker of(EventLoop loop) {
        for (Worker worker : workers) {
            if (worker.loop() == loop) {
                return worker;
            }
        }
        throw new IllegalArgumentException("not an event loop of this proxy: " + loop);
    }

    /** Whether every loop has answered lately. */
    public boolean areTurning() {
        boolean turning = true;
        for (Worker worker : workers) {
            turning &= worker.isTurning();
        }
        return turning;
    }

    /** Ends them; what still runs is cut off. */
    public Future<?> close() {
        return group.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS);
    }
}
