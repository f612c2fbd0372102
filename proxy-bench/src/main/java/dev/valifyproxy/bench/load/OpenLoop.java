package dev.valifyproxy.bench.load;

import dev.valifyproxy.worker.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends calls when they are due. A call that finds no connection free waits for one, and its wait counts: a server that stalls is charged
 * for every call that would have come meanwhile (no coordinated omission). One event loop, one run.
 */
final class OpenLoop implements LoadConnection.Owner {

    private final Target target;
    private final Plan plan;
    private final Schedule schedule;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("load", true), Transport.best().ioHandler());
    private final Bootstrap bootstrap;
    private final ArrayDeque<LoadConnection> free = new ArrayDeque<>();
    private final Outcome outcome = new Outcome();
    private final CompletableFuture<Outcome> end = new CompletableFuture<>();

    private long begun;
    private boolean started;
    private long due;
    private long sent;
    private long ended;

    /**
     * A run.
     *
     * @param connections kept open throughout
     * @param warmUpCalls the first calls, which are judged but not timed
     * @param patience how long to wait for answers after the last call was due
     */
    record Plan(Schedule schedule, int connections, long warmUpCalls, Duration patience) {}

    OpenLoop(Target target, Plan plan) {
        this.target = target;
        this.plan = plan;
        this.schedule = plan.schedule();
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(Transport.best().socket())
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress(target.uri().getHost(), target.uri().getPort())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpClientCodec())
                                .addLast(new LoadConnection(target, OpenLoop.this));
                    }
                });
    }

    /**
     * Runs to its end, which comes at the latest when patience does.
     *
     * @throws IOException if there is nobody to call
     */
    Outcome run() throws IOException, InterruptedException {
        for (int i = 0; i < plan.connections(); i++) {
            connect();
        }
        Duration last = Duration.ofNanos(schedule.dueNanos(schedule.calls()));
        try {
            return end.get(last.plus(plan.patience()).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return loop.submit(this::giveUp).syncUninterruptibly().getNow();
        } catch (ExecutionException unreachable) {
            throw new IOException("cannot call " + target.uri(), unreachable.getCause());
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private void connect() {
        bootstrap.connect().addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
                end.completeExceptionally(done.cause());
            }
        });
    }

    private Outcome giveUp() {
        outcome.count(Verdict.UNANSWERED, schedule.calls() - ended);
        outcome.elapsed(System.nanoTime() - begun - schedule.dueNanos(plan.warmUpCalls()));
        return outcome;
    }

    @Override
    public void onFree(LoadConnection connection) {
        free.addLast(connection);
        if (started) {
            sendDue();
        } else if (free.size() == plan.connections()) {
            started = true;
            begun = System.nanoTime();
            tick();
        }
    }

    private void tick() {
        long now = System.nanoTime() - begun;
        while (due < schedule.calls() && schedule.dueNanos(due) <= now) {
            due++;
        }
        sendDue();
        if (due < schedule.calls()) {
            loop.schedule(this::tick, schedule.dueNanos(due) - now, TimeUnit.NANOSECONDS);
        }
    }

    private void sendDue() {
        while (sent < due && !free.isEmpty()) {
            free.removeFirst().send(sent++);
        }
    }

    @Override
    public void onAnswer(long call, long sentAt, Verdict verdict) {
        long now = System.nanoTime();
        outcome.count(verdict, 1);
        if (call >= plan.warmUpCalls()) {
            outcome.latency(now - begun - schedule.dueNanos(call), now - sentAt);
        }
        if (++ended == schedule.calls()) {
            outcome.elapsed(now - begun - schedule.dueNanos(plan.warmUpCalls()));
            end.complete(outcome);
        }
    }

    /** One that the server closes is replaced, so that the number stays. */
    @Override
    public void onClosed(LoadConnection connection) {
        free.remove(connection);
        if (!end.isDone()) {
            connect();
        }
    }
}
