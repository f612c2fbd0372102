package dev.valifyproxy.sandbox;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, last in its pipeline: reads a request whole, has it performed, answers it; then the next. What a client
 * pipelines waits meanwhile. Confined to the channel's event loop, save {@link #closeIfIdle()}.
 */
final class SandboxHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxHandler.class);

    private final Channel channel;
    private final long connection;
    private final Backend backend;
    private final Queue<Object> pipelined = new ArrayDeque<>(2);
    private State state = State.IDLE;

    /** The request in state READING; null in all others. */
    private @Nullable IncomingCall call;

    SandboxHandler(Channel channel, long connection, Backend backend) {
        this.channel = channel;
        this.connection = connection;
        this.backend = backend;
    }

    /** Closes the connection if it is between two requests. From any thread; done soon after. */
    void closeIfIdle() {
        channel.eventLoop().execute(() -> {
            if (state == State.IDLE) {
                channel.close();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (state == State.ANSWERING) {
            pipelined.add(msg);
            channel.config().setAutoRead(false);
        } else {
            take(msg);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.ANSWERING;
        endReading();
        pipelined.forEach(ReferenceCountUtil::release);
        pipelined.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection {} broke", connection, cause);
        ctx.close();
    }

    private void take(Object msg) {
        try {
            if (msg instanceof HttpRequest head) {
                begin(head);
            }
            if (msg instanceof HttpContent content) {
                receive(content);
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private void begin(HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            refuseUnreadable();
            return;
        }
        IncomingCall begun = new IncomingCall(head, backend.faults(), channel.alloc());
        call = begun;
        state = State.READING;
        Fault fault = begun.fault();
        if (fault instanceof Fault.Broken broken && broken.moment() == Fault.Moment.HEAD_READ) {
            backend.record(begun, connection);
            cut(broken.cut());
        } else if (fault instanceof Fault.Replaced replaced && replaced.moment() == Fault.Moment.HEAD_READ) {
            answerEarly(begun, replaced.answer());
        } else if (HttpUtil.is100ContinueExpected(head)) {
            channel.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void receive(HttpContent content) {
        if (call != null) {
            if (content.decoderResult().isFailure()) {
                refuseUnreadable();
            } else if (!call.add(content.content())) {
                answerEarly(call, backend.errors().tooLarge().with(HttpHeaderNames.CONNECTION, "close"));
            } else if (content instanceof LastHttpContent) {
                complete(call);
            }
        } else if (state == State.DROPPING && content instanceof LastHttpContent) {
            next();
        }
    }

    private void complete(IncomingCall done) {
        state = State.ANSWERING;
        Answer answer = backend.perform(done);
        backend.record(done, connection);
        endReading();
        Duration latency = latency(done);
        if (latency.isZero()) {
            sendUnlessHeld(done, answer);
        } else {
            channel.eventLoop().schedule(() -> sendUnlessHeld(done, answer), latency.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private Duration latency(IncomingCall done) {
        Duration usual = backend.faults().of(done.kind()).latency();
        return done.fault() instanceof Fault.Late late ? usual.plus(late.delay()) : usual;
    }

    private void sendUnlessHeld(IncomingCall done, Answer answer) {
        Hold hold = backend.faults().of(done.kind()).currentHold();
        if (hold == null) {
            send(done, answer);
        } else {
            hold.whenReleased(() -> channel.eventLoop().execute(() -> send(done, answer)));
        }
    }

    private void send(IncomingCall done, Answer answer) {
        Fault fault = done.fault();
        if (fault instanceof Fault.Raw raw) {
            sendRaw(raw.bytes());
            return;
        }
        if (fault instanceof Fault.Broken broken && broken.moment() == Fault.Moment.PERFORMED) {
            cut(broken.cut());
            return;
        }
        Fault.Shaped shape = fault instanceof Fault.Shaped shaped ? shaped : Fault.Shaped.AS_USUAL;
        Response response = new Response(done.head(), answer, shape);
        if (fault instanceof Fault.Broken broken) {
            response.writeHalf(channel).addListener(sent -> cut(broken.cut()));
            return;
        }
        ChannelFuture written = response.write(channel);
        if (response.endsConnection()) {
            written.addListener(ChannelFutureListener.CLOSE);
        } else {
            next();
        }
    }

    /** Answers before the request's end; the rest of it is dropped, or the connection with it. */
    private void answerEarly(IncomingCall begun, Answer answer) {
        backend.record(begun, connection);
        endReading();
        Response response = new Response(begun.head(), answer, Fault.Shaped.AS_USUAL);
        ChannelFuture written = response.write(channel);
        if (response.endsConnection()) {
            state = State.ANSWERING;
            written.addListener(ChannelFutureListener.CLOSE);
        } else {
            state = State.DROPPING;
        }
    }

    private void refuseUnreadable() {
        state = State.ANSWERING;
        endReading();
        sendRaw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    /** Past the codec, which would not let through what is no response. */
    private void sendRaw(String bytes) {
        channel.pipeline()
                .context(HttpServerCodec.class)
                .writeAndFlush(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Breaks off; ANSWERING is the last state of this connection, so what still comes is not taken. */
    private void cut(Fault.Cut cut) {
        state = State.ANSWERING;
        endReading();
        if (cut == Fault.Cut.RESET) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.pipeline().firstContext().close();
        } else if (cut == Fault.Cut.CLOSE) {
            channel.close();
        }
    }

    private void endReading() {
        if (call != null) {
            call.release();
            call = null;
        }
    }

    /** Goes on to the next request. The recursion through {@link #take} ends soon: the codec bounds what is pipelined. */
    private void next() {
        state = State.IDLE;
        while (state != State.ANSWERING && !pipelined.isEmpty()) {
            take(pipelined.remove());
        }
        if (state != State.ANSWERING) {
            channel.config().setAutoRead(true);
        }
    }

    private enum State {
        IDLE,
        READING,
        /** A message that comes now belongs to the next request. */
        ANSWERING,
        /** The answer is out, the rest of the request's body is not read yet. */
        DROPPING
    }
}
