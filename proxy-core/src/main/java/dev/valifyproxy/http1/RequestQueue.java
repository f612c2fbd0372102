package dev.valifyproxy.http1;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.http.MessageKinds;
import dev.valifyproxy.worker.Deadline;
import dev.valifyproxy.worker.ReadControl;
import dev.valifyproxy.worker.Worker;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Lets one exchange at a time through, in the order of the requests (RFC 9112 §9.3.2), and ends the connection as §9.6 asks: after an
 * answer with {@code Connection: close} nothing more is let through; our side is shut, and what the client still sends is dropped
 * for a while, so that no reset overtakes the answer. One per client channel, on its event loop; it owns what it holds back.
 */
final class RequestQueue extends ChannelDuplexHandler {

    /** What may be held back; from there on the connection is not read until answers have gone out. 16 requests without bodies. */
    private static final int MAX_HELD_WEIGHT = 128 * 1024;

    /** What a message weighs beyond the bytes it shows: a content of one byte holds the whole buffer that its read filled. */
    private static final int MESSAGE_WEIGHT = 4 * 1024;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private enum State {
        /** Between two exchanges. */
        IDLE,
        /** An exchange is on, its request still arriving. */
        RECEIVING,
        /** An exchange is on, its request complete. */
        ANSWERING,
        /** The last answer is out or on its way; whatever comes is dropped. */
        CLOSING
    }

    private final ReadControl reading;
    private final RequestDecoder decoder;
    private final Deadline linger;
    private final ArrayDeque<Object> held = new ArrayDeque<>(0);
    /** Set by handlerAdded, before anything else is called. */
    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;

    private State state = State.IDLE;
    private int heldWeight;
    private boolean inputShut;
    private boolean lastAnswer;
    private boolean draining;
    private boolean releasing;

    RequestQueue(Worker worker, ReadControl reading, RequestDecoder decoder) {
        this.reading = reading;
        this.decoder = decoder;
        this.linger = worker.deadlines().create(() -> context.close());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (state == State.CLOSING) {
            ReferenceCountUtil.release(msg);
        } else if (state == State.ANSWERING || !held.isEmpty() || !mayPass(ctx)) {
            hold(msg);
        } else {
            pass(ctx, msg);
        }
    }

    /** Whether any part of a later request waits here. */
    boolean isHolding() {
        return !held.isEmpty();
    }

    private void hold(Object msg) {
        held.add(msg);
        heldWeight += weight(msg);
        if (heldWeight >= MAX_HELD_WEIGHT) {
            reading.pause(ReadControl.QUEUE_FULL);
        }
    }

    private static int weight(Object msg) {
        int messages = msg instanceof DefaultFullHttpRequest ? 2 : 1;
        return messages * MESSAGE_WEIGHT + MessageKinds.content(msg).readableBytes();
    }

    /** An exchange goes on; a new one begins only once the client has taken earlier answers, or they would pile up unread. */
    private boolean mayPass(ChannelHandlerContext ctx) {
        return state == State.RECEIVING || (state == State.IDLE && ctx.channel().isWritable());
    }

    private void pass(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof DefaultHttpRequest head) {
            state = State.RECEIVING;
            lastAnswer = head.decoderResult().isFailure() || !HttpUtil.isKeepAlive(head);
        }
        // Before it is passed: the answer may be written from within the call.
        if (state == State.RECEIVING && MessageKinds.isLast(msg)) {
            state = State.ANSWERING;
        }
        ctx.fireChannelRead(msg);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof DefaultHttpResponse head && head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            lastAnswer = head.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        }
        if (!MessageKinds.isLast(msg) || MessageKinds.isInterim(msg)) {
            ctx.write(msg, promise);
        } else if (isLastAnswer()) {
            state = State.CLOSING;
            dropHeld();
            ctx.write(msg, promise.unvoid().addListener((ChannelFutureListener) done -> finish(ctx, done.isSuccess())));
        } else {
            ctx.write(msg, promise);
            state = State.IDLE;
            releaseNext(ctx);
        }
    }

    private boolean isLastAnswer() {
        boolean nothingFollows = held.isEmpty() && (inputShut || draining);
        return lastAnswer || nothingFollows || state == State.RECEIVING || state == State.CLOSING;
    }

    /** Passes held messages on, up to the end of the next request; not re-entered by an answer that is written from within. */
    private void releaseNext(ChannelHandlerContext ctx) {
        if (releasing) {
            return;
        }
        releasing = true;
        boolean any = false;
        while (!held.isEmpty() && mayPass(ctx)) {
            Object msg = held.poll();
            heldWeight -= weight(msg);
            any = true;
            pass(ctx, msg);
        }
        releasing = false;
        if (any) {
            ctx.fireChannelReadComplete();
        }
        if (heldWeight < MAX_HELD_WEIGHT) {
            reading.resume(ReadControl.QUEUE_FULL);
        }
        if (inputShut && held.isEmpty() && state == State.RECEIVING) {
            // Only now does it concern somebody: the rest of this request will not come.
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.fireChannelWritabilityChanged();
        releaseNext(ctx);
    }

    /** A read of which nothing was passed is news to nobody: what is held begins later, what is dropped never. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state != State.CLOSING && (state != State.IDLE || held.isEmpty())) {
            ctx.fireChannelReadComplete();
        }
    }

    /** The last answer has left, or cannot: shuts our side, then waits for the client to shut its own. */
    private void finish(ChannelHandlerContext ctx, boolean sent) {
        if (!sent || inputShut || !(ctx.channel() instanceof DuplexChannel duplex)) {
            ctx.close();
            return;
        }
        duplex.shutdownOutput();
        linger.set(LINGER_NANOS);
        reading.drop();
    }

    private boolean isIdle() {
        return state == State.IDLE && held.isEmpty();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputShut = true;
            if (linger.isSet()) {
                ctx.close();
                return;
            }
        }
        draining |= event == ConnectionEvent.DRAIN;
        // A head that has begun is a request, and is still served.
        if (isIdle() && (inputShut || (draining && !decoder.isHeadBegun()))) {
            state = State.CLOSING;
            // Behind the end of an answer that a slow client has not taken yet.
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        linger.cancel();
        state = State.CLOSING;
        dropHeld();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        linger.cancel();
        dropHeld();
    }

    private void dropHeld() {
        for (Object msg = held.poll(); msg != null; msg = held.poll()) {
            ReferenceCountUtil.release(msg);
        }
        heldWeight = 0;
    }
}
