package dev.valifyproxy.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/**
 * Carries a {@link Failure} in a message's {@link DecoderResult}, which is where Netty keeps what is wrong with a message. Never
 * thrown, so it has no stack trace.
 */
public final class InvalidMessage extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    private InvalidMessage(Failure failure) {
        super(failure.clientText(), null, false, false);
        this.failure = failure;
    }

    /** The decoder result that says so. */
    public static DecoderResult result(Failure failure) {
        return DecoderResult.failure(new InvalidMessage(failure));
    }

    /** What is wrong with a request, or a part of one, whose decoder result is a failure. */
    public static Failure requestFailure(HttpObject message) {
        Throwable cause = message.decoderResult().cause();
        if (cause instanceof InvalidMessage invalid) {
            return invalid.failure;
        }
        // Behind the head, a line too long is a chunk's.
        if (cause instanceof TooLongHttpLineException && message instanceof HttpRequest) {
            return Failure.of(ProxyError.URI_TOO_LONG, "The request line is longer than this proxy allows.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return headTooLarge();
        }
        return Failure.of(ProxyError.BAD_REQUEST, "The request is malformed.", cause);
    }

    /** What is wrong with an answer, or a part of one, whose decoder result is a failure. */
    public static Failure responseFailure(HttpObject message) {
        Throwable cause = message.decoderResult().cause();
        if (cause instanceof InvalidMessage invalid) {
            return invalid.failure;
        }
        if (cause instanceof PrematureChannelClosureException) {
            return Failure.of(
                    ProxyError.UPSTREAM_RESET, "The upstream closed the connection in its answer's head.", cause);
        }
        String text = cause instanceof TooLongFrameException
                ? "The upstream's answer has a larger head than this proxy allows."
                : "The upstream's answer is malformed.";
        return Failure.of(ProxyError.UPSTREAM_MALFORMED, text, cause);
    }

    /** A head of more fields or bytes than the limits allow. */
    public static Failure headTooLarge() {
        return Failure.of(ProxyError.HEAD_TOO_LARGE, "The request's head is larger than this proxy allows.");
    }
}
