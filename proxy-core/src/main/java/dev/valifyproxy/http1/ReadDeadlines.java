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
import io.netty.handler.codec.http.HttpStatusClass;
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
    private final RequestDecoder decoder;
    private final ReadControl reading;
    private final Deadline deadline;
    /** Set by handlerAdded, before anything else is called. */
    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;

    private State state = State.BETWEEN_REQUESTS;
    private boolean messageInThisRead;

    ReadDeadlines(Http1Settings settings, RequestDecoder decoder, Worker worker, ReadControl reading) {
        this.clientIdleNanos = settings.clientIdleTimeout().toNanos();
        this.headNanos = settings.requestHeadTimeout().toNanos();
        this.bodyNanos = settings.requestIdleTimeout().toNanos();
        this.decoder = decoder;
        this.reading = reading;
        this.deadline = worker.deadlines().create(this::expired);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadline.set(clientIdleNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        messageInThisRead = true;
        if (msg instanceof HttpRequest) {
            state = State.BODY;
        }
        if (msg instanceof LastHttpContent) {
            state = State.ANSWER;
            deadline.clear();
        }
        ctx.fireChannelRead(msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean bytesCame = decoder.takeBytesCame();
        if (state == State.BODY) {
            deadline.set(bodyNanos);
        } else if (state == State.BETWEEN_REQUESTS && bytesCame && !messageInThisRead) {
            // Bytes came, yet no message: a head has begun.
            state = State.HEAD;
            deadline.set(headNanos);
        }
        messageInThisRead = false;
        ctx.fireChannelReadComplete();
    }

    /** Called before each read of the socket, so a body's deadline begins anew when reading is resumed. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (state == State.BODY) {
            deadline.set(bodyNanos);
        }
        ctx.read();
    }

    /** An answer's end, be it before the request's: a client that does not take it has no longer than one that asks nothing more. */
    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof LastHttpContent && !isInterim(msg)) {
            state = State.BETWEEN_REQUESTS;
            deadline.set(clientIdleNanos);
        }
        ctx.write(msg, promise);
    }

    private static boolean isInterim(Object msg) {
        return msg instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
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
