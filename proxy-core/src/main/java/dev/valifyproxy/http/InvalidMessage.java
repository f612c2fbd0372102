package dev.valifyproxy.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpObject;

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

    /** What is wrong with a message, or a part of one, that a codec of this proxy marked. */
    public static Failure failureOf(HttpObject marked) {
        return marked.decoderResult().cause() instanceof InvalidMessage invalid
                ? invalid.failure
                : Failure.of(
                        ProxyError.INTERNAL_ERROR,
                        "The proxy failed.",
                        marked.decoderResult().cause());
    }

    /** A head of more fields or bytes than the limits allow. */
    public static Failure headTooLarge() {
        return Failure.of(ProxyError.HEAD_TOO_LARGE, "The request's head is larger than this proxy allows.");
    }
}
