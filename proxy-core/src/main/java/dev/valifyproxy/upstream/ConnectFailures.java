package dev.valifyproxy.upstream;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Names the reason for which a connection could not be made (RFC 9209 §2.3). Pure. */
final class ConnectFailures {

    private ConnectFailures() {}

    static Failure of(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof CertificateException) {
                return unreachable("tls_certificate_error", "its TLS certificate is not trusted", cause);
            }
        }
        if (cause instanceof UnknownHostException) {
            return unreachable("dns_error", "its host name could not be resolved", cause);
        }
        if (cause instanceof ConnectTimeoutException) {
            return unreachable("connection_timeout", "connecting took too long", cause);
        }
        if (cause instanceof NotSslRecordException) {
            // Its message quotes the bytes that came: the beginning of somebody's answer, which no log may hold.
            return unreachable("tls_protocol_error", "it does not speak TLS", null);
        }
        if (cause instanceof SSLException) {
            return unreachable("tls_protocol_error", "the TLS handshake failed", cause);
        }
        if (cause instanceof NoRouteToHostException) {
            return unreachable("destination_ip_unroutable", "there is no route to it", cause);
        }
        String reason = cause instanceof ConnectException ? "it refused the connection" : "the connection failed";
        return unreachable("connection_refused", reason, cause);
    }

    private static Failure unreachable(String type, String reason, @Nullable Throwable cause) {
        return Failure.of(ProxyError.UPSTREAM_UNREACHABLE, "The upstream cannot be reached: " + reason + ".", cause)
                .as(type);
    }
}
