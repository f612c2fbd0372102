package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** What an answer's head must meet before it is relayed, beyond its grammar. Pure. */
final class ResponseRules {

    private static final Failure VERSION = malformed("The upstream answered with an HTTP version other than 1.x.");
    private static final Failure STATUS = malformed("The upstream's status is none of HTTP's.");

    /** RFC 9110 §15.2.2: nobody asked for another protocol, since {@code Upgrade} is not forwarded. */
    private static final Failure SWITCH = malformed("The upstream switched protocols unasked.");

    /** RFC 9112 §6.3: another coding ends with the connection, by which nobody can tell a whole answer from half of one. */
    private static final Failure TRANSFER_CODING =
            malformed("The upstream's answer has a transfer coding other than chunked.");

    private static final Failure FRAMING = malformed("The upstream's answer does not say beyond doubt how long it is.");

    private ResponseRules() {}

    private static Failure malformed(String text) {
        return Failure.of(ProxyError.UPSTREAM_MALFORMED, text);
    }

    /**
     * What the first rule that a head breaks has to say, or null if it keeps them all.
     *
     * @param bodyLength as {@link BodyLength} tells it
     */
    static @Nullable Failure firstBroken(HttpResponse head, long bodyLength) {
        if (!isHttp1(head)) {
            return VERSION;
        }
        if (!isStatus(head)) {
            return STATUS;
        }
        if (head.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            return SWITCH;
        }
        if (!isCodingKnown(head)) {
            return TRANSFER_CODING;
        }
        return bodyLength == BodyLength.AMBIGUOUS ? FRAMING : null;
    }

    private static boolean isHttp1(HttpResponse head) {
        return head.protocolVersion().majorVersion() == 1;
    }

    private static boolean isStatus(HttpResponse head) {
        return head.status().code() >= 100 && head.status().code() <= 599;
    }

    private static boolean isCodingKnown(HttpResponse head) {
        return BodyLength.isPlainOrChunked(head.headers())
                && (head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                        || !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING));
    }
}
