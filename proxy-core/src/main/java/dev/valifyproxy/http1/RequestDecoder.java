package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.InvalidMessage;
import dev.valifyproxy.http.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads requests: method, target and version, parted by one space each (RFC 9112 §3). One per client channel, on its event loop. */
final class RequestDecoder extends MessageDecoder {

    private static final Failure MALFORMED = Failure.of(ProxyError.BAD_REQUEST, "The request is malformed.");
    private static final Failure LINE_TOO_LONG =
            Failure.of(ProxyError.URI_TOO_LONG, "The request line is longer than this proxy allows.");

    private static final List<HttpMethod> METHODS = List.of(
            HttpMethod.POST,
            HttpMethod.GET,
            HttpMethod.PUT,
            HttpMethod.DELETE,
            HttpMethod.PATCH,
            HttpMethod.HEAD,
            HttpMethod.OPTIONS);

    private static final String NO_TARGET = "";

    private @Nullable HttpMethod method;
    private String target = NO_TARGET;
    private HttpVersion version = HttpVersion.HTTP_1_1;

    /** Whether the CR of an empty line before a request was the last byte. */
    private boolean afterCr;

    RequestDecoder(Http1Settings settings) {
        super(
                settings,
                new HeadReader(settings.maxRequestLine(), settings.maxHead(), settings.maxHeaders(), false),
                MALFORMED);
    }

    /** Skips empty lines, each a CR and an LF (RFC 9112 §2.2). */
    @Override
    boolean beforeHead(ByteBuf in) {
        while (in.isReadable()) {
            byte b = in.getByte(in.readerIndex());
            if (b != (afterCr ? HttpConstants.LF : HttpConstants.CR)) {
                return !afterCr;
            }
            afterCr = !afterCr;
            in.skipBytes(1);
        }
        return true;
    }

    @Override
    boolean firstLine(byte[] bytes, int end) {
        int methodEnd = Octets.endOfToken(bytes, 0, end);
        int targetEnd = end - StartLine.VERSION_LENGTH - 1;
        HttpVersion told = StartLine.version(bytes, targetEnd + 1, end);
        if (methodEnd == 0
                || targetEnd <= methodEnd + 1
                || bytes[methodEnd] != HttpConstants.SP
                || bytes[targetEnd] != HttpConstants.SP
                || told == null
                || hasBlank(bytes, methodEnd + 1, targetEnd)) {
            return false;
        }
        method = method(bytes, methodEnd);
        target = new String(bytes, methodEnd + 1, targetEnd - methodEnd - 1, StandardCharsets.ISO_8859_1);
        version = told;
        return true;
    }

    private static boolean hasBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Octets.isBlank(bytes[i])) {
                return true;
            }
        }
        return false;
    }

    private static HttpMethod method(byte[] bytes, int end) {
        for (int i = 0; i < METHODS.size(); i++) {
            byte[] name = METHODS.get(i).asciiName().array();
            if (name.length == end && Arrays.equals(name, 0, end, bytes, 0, end)) {
                return METHODS.get(i);
            }
        }
        return new HttpMethod(new String(bytes, 0, end, StandardCharsets.US_ASCII));
    }

    @Override
    HttpMessage head(HeadFields fields) {
        HttpRequest head = new DefaultHttpRequest(version, method == null ? HttpMethod.GET : method, target, fields);
        method = null;
        target = NO_TARGET;
        return head;
    }

    @Override
    HttpMessage whole(HttpMessage message, ByteBuf body) {
        HttpRequest head = (HttpRequest) message;
        return new DefaultFullHttpRequest(
                head.protocolVersion(), head.method(), head.uri(), body, head.headers(), EmptyHttpHeaders.INSTANCE);
    }

    @Override
    @Nullable
    Failure brokenRule(HttpMessage head, long bodyLength) {
        return RequestRules.firstBroken((HttpRequest) head, bodyLength);
    }

    @Override
    long bodyLength(HttpMessage head) {
        return BodyLength.of((HttpRequest) head);
    }

    @Override
    Failure failure(Progress progress) {
        return switch (progress) {
            case LINE_TOO_LONG -> LINE_TOO_LONG;
            case TOO_LARGE -> InvalidMessage.headTooLarge();
            default -> MALFORMED;
        };
    }

    @Override
    Failure cutShort() {
        return MALFORMED;
    }
}
