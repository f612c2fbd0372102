package dev.valifyproxy.http1;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.worker.Deadline;
import dev.valifyproxy.worker.ReadControl;
import dev.valifyproxy.worker.Worker;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * How long a client may take: between two requests ({@code timeouts.client-idle}: closed without a word), from a request's first byte
 * to the end of its head ({@code timeouts.request-head}) and between two reads of its body ({@code timeouts.request-idle}), the last
 * only while we read. One per client channel, on its event loop.
 */
final class ReadDeadlines extends ChannelDuplexHandler {

    private enum State {
        BETWEEN_REQUESTS,
        HEAD,
        BODY,
        ANSWER
    }

    private final long clientIdleNanos;
    private final long headNanos;
    private final long bodyNanos;
    private final ReadControl reading;
    private final RequestDecoder decoder;
    private final Deadline deadline;
    /** Set by handlerAdded, before anything else is called. */
    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;

    private State state = State.BETWEEN_REQUESTS;
    /** Whether the client holds its body back until it is told to send it: then it is not the one who is late. */
    private boolean awaitsContinue;

    ReadDeadlines(Http1Settings settings, Worker worker, ReadControl reading, RequestDecoder decoder) {
        this.clientIdleNanos = settings.clientIdleTimeout().toNanos();
        this.headNanos = settings.requestHeadTimeout().toNanos();
        this.bodyNanos = settings.requestIdleTimeout().toNanos();
        this.reading = reading;
        this.decoder = decoder;
        this.deadline = worker.deadlines().create(this::expired);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadline.set(clientIdleNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof HttpRequest head) {
            state = State.BODY;
            awaitsContinue = HttpUtil.is100ContinueExpected(head);
        } else {
            awaitsContinue = false;
        }
        if (msg instanceof LastHttpContent) {
            state = State.ANSWER;
            deadline.clear();
        }
        ctx.fireChannelRead(msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state == State.BODY) {
            awaitBody();
        } else if (state == (decoder.isHeadBegun() ? State.BETWEEN_REQUESTS : State.HEAD)) {
            awaitRequest();
        }
        ctx.fireChannelReadComplete();
    }

    /** Called before each read of the socket, so a body's deadline begins anew when reading is resumed. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        awaitBody();
        ctx.read();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (MessageKinds.isInterim(msg)) {
            continued((HttpResponse) msg);
        } else if (msg instanceof LastHttpContent) {
            // Be it before the request's end: a client that does not take it has no longer than one that asks nothing
            // more.
            awaitRequest();
        }
        ctx.write(msg, promise);
    }

    private void continued(HttpResponse interim) {
        if (awaitsContinue && interim.status().code() == HttpResponseStatus.CONTINUE.code()) {
            awaitsContinue = false;
            awaitBody();
        }
    }

    private void awaitBody() {
        if (state == State.BODY && awaitsContinue) {
            deadline.clear();
        } else if (state == State.BODY) {
            deadline.set(bodyNanos);
        }
    }

    /** Some of the next request's head may be there already, behind the last request. */
    private void awaitRequest() {
        boolean begun = decoder.isHeadBegun();
        state = begun ? State.HEAD : State.BETWEEN_REQUESTS;
        deadline.set(begun ? headNanos : clientIdleNanos);
    }

    private void expired() {
        ChannelHandlerContext ctx = context;
        switch (state) {
            case BETWEEN_REQUESTS -> ctx.close();
            case HEAD -> ctx.fireUserEventTriggered(ConnectionEvent.HEAD_TIMEOUT);
            case BODY -> {
                if (reading.isReading()) {
                    ctx.fireUserEventTriggered(ConnectionEvent.BODY_TIMEOUT);
                }
            }
            case ANSWER -> {
                // Cleared when the request ended: an exchange has deadlines of its own.
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.clear();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        deadline.clear();
    }
}
