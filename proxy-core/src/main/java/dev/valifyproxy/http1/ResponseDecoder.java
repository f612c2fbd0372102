package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads answers: version, status and reason (RFC 9112 §4). One per upstream channel, on its event loop. */
final class ResponseDecoder extends MessageDecoder {

    private static final Failure MALFORMED =
            Failure.of(ProxyError.UPSTREAM_MALFORMED, "The upstream's answer is malformed.");
    private static final Failure TOO_LARGE = Failure.of(
            ProxyError.UPSTREAM_MALFORMED, "The upstream's answer has a larger head than this proxy allows.");
    private static final Failure CUT_SHORT =
            Failure.of(ProxyError.UPSTREAM_RESET, "The upstream closed the connection in its answer's head.");

    private static final int STATUS = StartLine.VERSION_LENGTH + 1;
    private static final int STATUS_END = STATUS + 3;

    private @Nullable HttpResponseStatus status;
    private HttpVersion version = HttpVersion.HTTP_1_1;
    private boolean answersHead;

    ResponseDecoder(Http1Settings settings) {
        super(
                settings,
                new HeadReader(settings.maxRequestLine(), settings.maxHead(), settings.maxHeaders(), true),
                MALFORMED);
    }

    /** Whether the next final answer is one to a HEAD. */
    void answersHead(boolean toHead) {
        answersHead = toHead;
    }

    /** Nothing stands before an answer. */
    @Override
    boolean beforeHead(ByteBuf in) {
        return true;
    }

    @Override
    boolean firstLine(byte[] bytes, int end) {
        HttpVersion told = StartLine.version(bytes, 0, end);
        if (told == null
                || end < STATUS_END
                || bytes[STATUS - 1] != HttpConstants.SP
                || (end > STATUS_END && bytes[STATUS_END] != HttpConstants.SP)) {
            return false;
        }
        int code = 0;
        for (int i = STATUS; i < STATUS_END; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return false;
            }
            code = 10 * code + bytes[i] - '0';
        }
        version = told;
        status = status(code, bytes, Math.min(STATUS_END + 1, end), end);
        return true;
    }

    private static HttpResponseStatus status(int code, byte[] bytes, int reason, int end) {
        HttpResponseStatus known = HttpResponseStatus.valueOf(code);
        return isAt(known.reasonPhrase(), bytes, reason, end)
                ? known
                : new HttpResponseStatus(code, new String(bytes, reason, end - reason, StandardCharsets.ISO_8859_1));
    }

    private static boolean isAt(String text, byte[] bytes, int from, int to) {
        boolean same = text.length() == to - from;
        for (int i = 0; same && i < text.length(); i++) {
            same = text.charAt(i) == (bytes[from + i] & 0xff);
        }
        return same;
    }

    @Override
    HttpMessage head(HeadFields fields) {
        HttpResponse head =
                new DefaultHttpResponse(version, status == null ? HttpResponseStatus.BAD_GATEWAY : status, fields);
        status = null;
        return head;
    }

    @Override
    HttpMessage whole(HttpMessage message, ByteBuf body) {
        HttpResponse head = (HttpResponse) message;
        return new DefaultFullHttpResponse(
                head.protocolVersion(), head.status(), body, head.headers(), EmptyHttpHeaders.INSTANCE);
    }

    @Override
    @Nullable
    Failure brokenRule(HttpMessage head, long bodyLength) {
        return ResponseRules.firstBroken((HttpResponse) head, bodyLength);
    }

    @Override
    long bodyLength(HttpMessage message) {
        HttpResponse head = (HttpResponse) message;
        return BodyLength.of(head, answersHead);
    }

    @Override
    Failure failure(Progress progress) {
        return progress == Progress.MALFORMED ? MALFORMED : TOO_LARGE;
    }

    @Override
    Failure cutShort() {
        return CUT_SHORT;
    }
}
