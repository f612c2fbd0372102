package dev.valifyproxy.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The errors of our own that a client can see: status, code and type of RFC 9209 are a contract. */
public enum ProxyError {
    BAD_REQUEST(400, "http_request_error", Blame.CLIENT),
    REQUEST_TIMEOUT(408, "http_request_error", Blame.CLIENT),
    BODY_TOO_LARGE(413, "http_request_error", Blame.CLIENT),
    URI_TOO_LONG(414, "http_request_error", Blame.CLIENT),
    HEAD_TOO_LARGE(431, "http_request_error", Blame.CLIENT),
    NOT_FOUND(404, "http_request_error", Blame.CLIENT),
    METHOD_NOT_ALLOWED(405, "http_request_error", Blame.CLIENT),
    NOT_SUPPORTED(501, "http_request_error", Blame.CLIENT),
    VERSION_NOT_SUPPORTED(505, "not_supported", "http_request_error", Blame.CLIENT),
    UPSTREAM_UNREACHABLE(502, "connection_refused", Blame.UPSTREAM),
    UPSTREAM_RESET(502, "connection_terminated", Blame.UPSTREAM),
    UPSTREAM_MALFORMED(502, "http_protocol_error", Blame.UPSTREAM),
    CREDENTIALS_REJECTED(502, "proxy_configuration_error", Blame.PROXY),
    TOKEN_UNAVAILABLE(503, "proxy_internal_response", Blame.UPSTREAM),
    OVERLOADED(503, "proxy_internal_response", Blame.PROXY),
    DRAINING(503, "proxy_internal_response", Blame.PROXY),
    UPSTREAM_TIMEOUT(504, "http_response_timeout", Blame.UPSTREAM),
    INTERNAL_ERROR(500, "proxy_internal_error", Blame.PROXY);

    /** Whose doing an error is. */
    public enum Blame {
        CLIENT,
        PROXY,
        UPSTREAM
    }

    private final HttpResponseStatus status;
    private final String code;
    private final String proxyStatusType;
    private final Blame blame;

    ProxyError(int status, String proxyStatusType, Blame blame) {
        this(status, null, proxyStatusType, blame);
    }

    ProxyError(int status, @Nullable String code, String proxyStatusType, Blame blame) {
        this.status = HttpResponseStatus.valueOf(status);
        this.code = code != null ? code : name().toLowerCase(Locale.ROOT);
        this.proxyStatusType = proxyStatusType;
        this.blame = blame;
    }

    /** The status it is answered with. */
    public HttpResponseStatus status() {
        return status;
    }

    /** The value of {@code proxy_error}, and the metric label. */
    public String code() {
        return code;
    }

    /** The error type of RFC 9209 §2.3 it has unless a {@link Failure} knows better. */
    public String proxyStatusType() {
        return proxyStatusType;
    }

    /** Whose doing it is. */
    public Blame blame() {
        return blame;
    }
}
