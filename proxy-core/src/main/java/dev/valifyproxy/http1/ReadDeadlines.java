package dev.valifyproxy.http1;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.http.MessageKinds;
import dev.valifyproxy.worker.Deadline;
import dev.valifyproxy.worker.Deadlines;
import dev.valifyproxy.worker.ReadControl;
import dev.valifyproxy.worker.Worker;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How long a client may take: between two requests ({@code timeouts.client-idle}: closed without a word), from a request's first byte
 * to the end of its head ({@code timeouts.request-head}), and for its body. There it begins with {@code timeouts.request-idle}, spends it
 * while we read, and earns it back by what arrives, as {@code limits.min-upload-rate} says: so it may pause that long, and send as slowly
 * for that long, but not for ever, whatever it sent before. One per client channel, on its event loop.
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
    /** What a byte of a body earns; 0 if whatever arrives earns all. */
    private final long nanosPerByte;

    private final ReadControl reading;
    private final RequestDecoder decoder;
    /** Whether requests that are read already wait for their turn. */
    private final BooleanSupplier requestsWait;

    private final Deadlines deadlines;
    private final Deadline deadline;
    /** Set by handlerAdded, before anything else is called. */
    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;

    private State state = State.BETWEEN_REQUESTS;
    /** Whether the client holds its body back until it is told to send it: then it is not the one who is late. */
    private boolean awaitsContinue;

    /** Whether the time for a body is running out at present. */
    private boolean spending;

    /** While it is: when the client is out of time, by the clock. Else: how much is left. */
    private long bodyTime;

    private long unearnedBytes;

    ReadDeadlines(
            Http1Settings settings,
            Worker worker,
            ReadControl reading,
            RequestDecoder decoder,
            BooleanSupplier requestsWait) {
        this.clientIdleNanos = settings.clientIdleTimeout().toNanos();
        this.headNanos = settings.requestHeadTimeout().toNanos();
        this.bodyNanos = settings.requestIdleTimeout().toNanos();
        this.nanosPerByte = settings.minUploadRate() == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / settings.minUploadRate();
        this.deadlines = worker.deadlines();
        this.reading = reading;
        this.decoder = decoder;
        this.requestsWait = requestsWait;
        this.deadline = deadlines.create(this::expired);
        reading.whenPaused(this::stopSpending);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadline.set(clientIdleNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof DefaultHttpRequest head) {
            state = State.BODY;
            awaitsContinue = HttpUtil.is100ContinueExpected(head);
            spending = false;
            bodyTime = bodyNanos;
            unearnedBytes = 0;
            deadline.clear();
        } else if (msg instanceof DefaultHttpContent content) {
            awaitsContinue = false;
            unearnedBytes += content.content().readableBytes();
        }
        if (MessageKinds.isLast(msg)) {
            state = State.ANSWER;
            deadline.clear();
        }
        ctx.fireChannelRead(msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state == State.BODY) {
            spendBodyTime();
            earn();
        } else if (state == (decoder.isHeadBegun() ? State.BETWEEN_REQUESTS : State.HEAD)) {
            awaitRequest();
        }
        ctx.fireChannelReadComplete();
    }

    /** Called before each read of the socket, so a body's time runs again when reading is resumed. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        spendBodyTime();
        ctx.read();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (MessageKinds.isInterim(msg)) {
            continued((HttpResponse) msg);
        } else if (MessageKinds.isLast(msg)) {
            // Be it before the request's end: a client that does not take it has no longer than one that asks nothing
            // more.
            awaitRequest();
        }
        ctx.write(msg, promise);
    }

    private void continued(HttpResponse interim) {
        if (awaitsContinue && interim.status().code() == HttpResponseStatus.CONTINUE.code()) {
            awaitsContinue = false;
            spendBodyTime();
        }
    }

    private void spendBodyTime() {
        if (state == State.BODY && !spending && !awaitsContinue && reading.isReading()) {
            spending = true;
            deadline.set(bodyTime);
            bodyTime += deadlines.now();
        }
    }

    /** By what a read brought, but never more than there was at the beginning. */
    private void earn() {
        long more = nanosPerByte == 0 ? bodyNanos : unearnedBytes * nanosPerByte;
        unearnedBytes = 0;
        if (spending) {
            long now = deadlines.now();
            long left = Math.min(bodyNanos, bodyTime - now + more);
            bodyTime = now + left;
            deadline.set(left);
        } else {
            bodyTime = Math.min(bodyNanos, bodyTime + more);
        }
    }

    private void stopSpending() {
        if (state == State.BODY && spending) {
            spending = false;
            bodyTime -= deadlines.now();
            deadline.clear();
        }
    }

    /** Some of the next request's head may be there already, behind the last request. */
    private void awaitRequest() {
        if (requestsWait.getAsBoolean()) {
            // The next is here: the client owes nothing until its turn has come, or the rest of it is awaited.
            state = State.ANSWER;
            deadline.clear();
            return;
        }
        boolean begun = decoder.isHeadBegun();
        state = begun ? State.HEAD : State.BETWEEN_REQUESTS;
        deadline.set(begun ? headNanos : clientIdleNanos);
    }

    private void expired() {
        ChannelHandlerContext ctx = context;
        switch (state) {
            case BETWEEN_REQUESTS -> closeUnlessWriting(ctx);
            case HEAD -> ctx.fireUserEventTriggered(ConnectionEvent.HEAD_TIMEOUT);
            case BODY -> ctx.fireUserEventTriggered(ConnectionEvent.BODY_TIMEOUT);
            case ANSWER -> {
                // Cleared when the request ended: an exchange has deadlines of its own.
            }
        }
    }

    /** A client that still takes the end of its last answer is not idle; how long it may take over that is another's deadline. */
    private void closeUnlessWriting(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
        if (buffer != null && !buffer.isEmpty()) {
            deadline.set(clientIdleNanos);
        } else {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        deadline.cancel();
    }
}
