package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.FieldSyntax;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.http.RequestTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request's head must meet before anything else sees it, beyond its grammar. Pure. */
final class RequestRules {

    private static final Failure VERSION =
            Failure.of(ProxyError.VERSION_NOT_SUPPORTED, "This proxy speaks HTTP/1.1 and HTTP/1.0.");

    private static final Failure METHOD = Failure.of(ProxyError.NOT_SUPPORTED, "CONNECT and TRACE are not supported.");

    /** RFC 9112 §3.2. */
    private static final Failure TARGET = Failure.of(ProxyError.BAD_REQUEST, "The request target is malformed.");

    /** RFC 9112 §3.2: HTTP/1.1 needs one; two are refused in any version. */
    private static final Failure HOST = Failure.of(ProxyError.BAD_REQUEST, "A request needs exactly one valid Host.");

    /** RFC 9112 §6.1, §6.3: chunked, once and last, is what says where a request ends; HTTP/1.0 knows no coding. */
    private static final Failure FRAMING = Failure.of(
            ProxyError.BAD_REQUEST,
            "A request has one valid Content-Length, or one Transfer-Encoding that ends with chunked, or neither.");

    /** RFC 9112 §7: a coding that we do not know. */
    private static final Failure TRANSFER_CODING =
            Failure.of(ProxyError.NOT_SUPPORTED, "The only transfer coding supported is chunked.");

    private RequestRules() {}

    /**
     * What the first rule that a head breaks has to say, or null if it keeps them all.
     *
     * @param bodyLength as {@link BodyLength} tells it
     */
    static @Nullable Failure firstBroken(HttpRequest head, long bodyLength) {
        if (!isHttp1(head)) {
            return VERSION;
        }
        if (!isForwardable(head)) {
            return METHOD;
        }
        if (!isTargetWellFormed(head)) {
            return TARGET;
        }
        if (!isHostValid(head)) {
            return HOST;
        }
        if (!isFramed(head, bodyLength)) {
            return FRAMING;
        }
        return BodyLength.isPlainOrChunked(head.headers()) ? null : TRANSFER_CODING;
    }

    /** The decoder takes a higher minor version for ours. */
    private static boolean isHttp1(HttpRequest head) {
        return head.protocolVersion().majorVersion() == 1;
    }

    private static boolean isForwardable(HttpRequest head) {
        return !head.method().equals(HttpMethod.CONNECT) && !head.method().equals(HttpMethod.TRACE);
    }

    private static boolean isTargetWellFormed(HttpRequest head) {
        return RequestTarget.isWellFormed(head.uri())
                && RequestTarget.originForm(head.uri(), head.method().equals(HttpMethod.OPTIONS)) != null;
    }

    private static boolean isHostValid(HttpRequest head) {
        List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty()) {
            return head.protocolVersion().equals(HttpVersion.HTTP_1_0);
        }
        return hosts.size() == 1 && FieldSyntax.isHost(hosts.get(0));
    }

    private static boolean isFramed(HttpRequest head, long bodyLength) {
        HttpHeaders headers = head.headers();
        if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return bodyLength != BodyLength.AMBIGUOUS;
        }
        return !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && BodyLength.endsChunked(headers);
    }
}
