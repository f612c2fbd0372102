package dev.valifyproxy.exchange;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.InvalidMessage;
import dev.valifyproxy.http.RequestTarget;
import dev.valifyproxy.http.TokenPath;
import dev.valifyproxy.http.WholeMessage;
import dev.valifyproxy.worker.Worker;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Last on a client channel: begins a call at each head, and hands what happens there to the call that is on. One per channel, on its event
 * loop.
 */
public final class ExchangeHandler extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(ExchangeHandler.class);

    private final Worker worker;
    private final Supplier<Generation> generations;

    /** Set by handlerAdded, before anything else is called. */
    @SuppressWarnings("NullAway.Init")
    private ClientConnection connection;

    /** Each call reads the generation once, at its head. */
    public ExchangeHandler(Worker worker, Supplier<Generation> generations) {
        this.worker = worker;
        this.generations = generations;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        connection = new ClientConnection(worker, ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof DefaultFullHttpRequest whole) {
            received(WholeMessage.headOf(whole), WholeMessage.contentOf(whole));
        } else if (msg instanceof DefaultHttpRequest head) {
            begin(head, generations.get());
        } else {
            content((HttpContent) msg);
        }
    }

    private void received(HttpRequest head, LastHttpContent body) {
        boolean begun = false;
        try {
            begin(head, generations.get());
            begun = true;
        } finally {
            if (!begun) {
                body.release();
            }
        }
        content(body);
    }

    private void content(HttpContent content) {
        Call call = connection.current();
        if (call != null) {
            call.content(content);
        } else {
            content.release();
        }
    }

    private void begin(HttpRequest head, Generation generation) {
        if (head.decoderResult().isFailure()) {
            LocalExchange.refuse(connection, generation, InvalidMessage.failureOf(head));
            return;
        }
        boolean isOptions = head.method().equals(HttpMethod.OPTIONS);
        String target = RequestTarget.originForm(head.uri(), isOptions);
        if (target == null) {
            throw new IllegalStateException("a target passed the rules that has no origin-form");
        }
        if (TokenPath.matches(target)) {
            answerTokenPath(head, generation);
        } else if (isOptions && MaxForwards.isUsedUp(head)) {
            FullHttpResponse response = MaxForwards.answer();
            LocalExchange.answer(connection, generation, response, null, HttpUtil.is100ContinueExpected(head));
        } else if (HttpUtil.getContentLength(head, 0L) > generation.settings().maxRequestBody()) {
            LocalExchange.refuse(connection, generation, CallFailures.BODY_TOO_LARGE);
        } else {
            forward(head, target, generation);
        }
    }

    private void forward(HttpRequest head, String target, Generation generation) {
        Profile profile = generation.profiles().profileOf(head, target);
        if (profile == null) {
            LocalExchange.refuse(connection, generation, CallFailures.NO_PROFILE);
        } else if (!generation.admission().tryEnter()) {
            LocalExchange.refuseForNow(connection, generation, head, CallFailures.TOO_MANY_CALLS);
        } else {
            OutgoingHead.prepare(head, target, profile, connection);
            Exchange exchange = new Exchange(connection, generation, profile, head);
            connection.begin(exchange);
            exchange.start();
        }
    }

    private void answerTokenPath(HttpRequest head, Generation generation) {
        Failure refusal = generation.tokenEndpoint().refusal(head.method());
        FullHttpResponse response = refusal == null
                ? generation.tokenEndpoint().token()
                : generation.tokenEndpoint().refused(refusal);
        LocalExchange.answer(
                connection,
                generation,
                response,
                refusal == null ? null : refusal.error(),
                HttpUtil.is100ContinueExpected(head));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Call call = connection.current();
        if (call != null) {
            call.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Call call = connection.current();
        if (call != null) {
            call.writabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        Call call = connection.current();
        if (event == ConnectionEvent.HEAD_TIMEOUT) {
            LocalExchange.refuse(connection, generations.get(), CallFailures.HEAD_TIMEOUT);
        } else if (call == null) {
            // Nothing is on that it could concern.
            return;
        } else if (event == ConnectionEvent.BODY_TIMEOUT) {
            call.bodyTimedOut();
        } else if (event == ConnectionEvent.STOP) {
            call.cutOff();
        } else if (event instanceof ChannelInputShutdownEvent) {
            call.inputShut();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Call call = connection.current();
        if (call != null) {
            call.gone();
        }
        connection.closed();
    }

    /** A broken socket, which the transport may have wrapped; anything else is a bug. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (BrokenSocket.isReportedBy(cause)) {
            log.debug("client connection broke: {}", cause.toString());
            ctx.close();
            return;
        }
        log.error("a call failed in a way that should not be possible", cause);
        if (connection.current() instanceof Exchange exchange) {
            exchange.bug();
        } else {
            ctx.close();
        }
    }
}
