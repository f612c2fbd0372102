package dev.valifyproxy.exchange;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ErrorResponse;
import dev.valifyproxy.http.ErrorResponse.Performed;
import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.MessageKinds;
import dev.valifyproxy.http.ProxyError;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * A call answered here. A short body is read to its end first, so that the connection can stay; before a long one the answer goes out at
 * once, and the connection ends.
 */
final class LocalExchange extends Call {

    private static final long MAX_DRAINED = 64 * 1024;

    private final FullHttpResponse response;
    private final @Nullable ProxyError error;

    private LocalExchange(
            ClientConnection connection, Generation generation, FullHttpResponse response, @Nullable ProxyError error) {
        super(connection, generation);
        this.response = response;
        this.error = error;
    }

    /** An answer that waits for the request's end; at once if the client waits for leave to send its body. */
    static void answer(
            ClientConnection connection,
            Generation generation,
            FullHttpResponse response,
            @Nullable ProxyError error,
            boolean atOnce) {
        LocalExchange exchange = new LocalExchange(connection, generation, response, error);
        connection.begin(exchange);
        if (atOnce) {
            exchange.sendAndClose();
        }
    }

    /** A refusal, at once; the connection ends with it. */
    static void refuse(ClientConnection connection, Generation generation, Failure failure) {
        answer(connection, generation, ErrorResponse.of(failure, Performed.NO), failure.error(), true);
    }

    /**
     * A refusal that is not the request's fault: a short body is read to its end, so that the connection can stay for a better moment; if
     * a long one is to come, or the client waits for leave to send it, the answer goes out at once and the connection ends with it.
     */
    static void refuseForNow(ClientConnection connection, Generation generation, HttpRequest head, Failure failure) {
        boolean atOnce = HttpUtil.is100ContinueExpected(head) || HttpUtil.getContentLength(head, 0L) > MAX_DRAINED;
        answer(connection, generation, ErrorResponse.of(failure, Performed.NO), failure.error(), atOnce);
    }

    @Override
    void content(HttpContent content) {
        requestBytes += content.content().readableBytes();
        boolean last = MessageKinds.isLast(content);
        boolean invalid = content.decoderResult().isFailure();
        content.release();
        if (invalid || requestBytes > MAX_DRAINED) {
            sendAndClose();
        } else if (last) {
            send();
        }
    }

    private void sendAndClose() {
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        send();
    }

    private void send() {
        status = response.status().code();
        responseBytes = response.content().readableBytes();
        end(error == null ? Outcome.LOCAL : Outcome.FAILED, error);
        client().writeAndFlush(response, client().voidPromise());
    }

    @Override
    void readComplete() {
        // Everything was said when it was read.
    }

    @Override
    void writabilityChanged() {
        // One small answer needs no back-pressure.
    }

    @Override
    void inputShut() {
        leave();
    }

    @Override
    void gone() {
        leave();
    }

    private void leave() {
        response.release();
        end(Outcome.ABANDONED, null);
        client().close();
    }

    @Override
    void bodyTimedOut() {
        sendAndClose();
    }

    @Override
    void cutOff() {
        sendAndClose();
    }
}
