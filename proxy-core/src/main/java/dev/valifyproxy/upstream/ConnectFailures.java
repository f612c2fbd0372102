package dev.valifyproxy.upstream;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.upstream.ConnectFailure.By;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Names the reason for which a connection could not be made (RFC 9209 §2.3). Pure. */
final class ConnectFailures {

    static final ConnectFailure EGRESS_SILENT =
            unreachable(By.EGRESS_PROXY, "connection_timeout", "the egress proxy did not answer in time", null);
    static final ConnectFailure EGRESS_CLOSED =
            unreachable(By.EGRESS_PROXY, "connection_refused", "the egress proxy closed the connection", null);

    /** What it said instead may be anybody's, and is not told. */
    static final ConnectFailure EGRESS_NOT_HTTP = unreachable(
            By.EGRESS_PROXY, "connection_refused", "what the egress proxy answered is no answer in HTTP", null);

    /** The JDK tells an alert of the other side's by its words alone, BoringSSL by how it calls the reason. */
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: |:(SSLV3|TLSV1)_ALERT_");

    private ConnectFailures() {}

    /** The egress proxy answered with this status in place of opening a tunnel: its own refusal, or what it met further on. */
    static ConnectFailure refused(HttpResponseStatus status) {
        String type = status.equals(HttpResponseStatus.GATEWAY_TIMEOUT) ? "connection_timeout" : "connection_refused";
        String what = status.codeClass() == HttpStatusClass.SERVER_ERROR
                ? "could not connect to it"
                : "refused the connection";
        return unreachable(By.EGRESS_PROXY, type, "the egress proxy " + what + " (" + status.code() + ")", null);
    }

    /** What went wrong on the way to the upstream, or to the egress proxy. */
    static ConnectFailure of(By by, Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof CertificateException) {
                return unreachable(by, "tls_certificate_error", by.possessive() + " TLS certificate is not trusted", t);
            }
        }
        if (cause instanceof UnknownHostException) {
            return unreachable(by, "dns_error", by.possessive() + " host name could not be resolved", cause);
        }
        if (cause instanceof ConnectTimeoutException) {
            String whereTo = by == By.UPSTREAM ? "" : " to " + by.subject();
            return unreachable(by, "connection_timeout", "connecting" + whereTo + " took too long", cause);
        }
        if (cause instanceof NotSslRecordException) {
            // Its message quotes the bytes that came: the beginning of somebody's answer, which no log may hold.
            return unreachable(by, "tls_protocol_error", by.subject() + " does not speak TLS", null);
        }
        if (cause instanceof SslHandshakeTimeoutException) {
            return unreachable(by, "connection_timeout", "the TLS handshake took too long", cause);
        }
        if (cause instanceof SSLException
                && ALERT.matcher(String.valueOf(cause.getMessage())).find()) {
            return unreachable(by, "tls_alert_received", by.subject() + " refused the TLS handshake", cause);
        }
        if (cause instanceof SSLException) {
            return unreachable(by, "tls_protocol_error", "the TLS handshake failed", cause);
        }
        if (cause instanceof NoRouteToHostException) {
            return unreachable(by, "destination_ip_unroutable", "there is no route to " + by.subject(), cause);
        }
        if (cause instanceof ConnectException) {
            return unreachable(by, "connection_refused", by.subject() + " refused the connection", cause);
        }
        String whereTo = by == By.UPSTREAM ? "" : " to " + by.subject();
        return unreachable(by, "connection_refused", "the connection" + whereTo + " failed", cause);
    }

    private static ConnectFailure unreachable(By by, String type, String reason, @Nullable Throwable cause) {
        String sentence = "The upstream cannot be reached: " + reason + ".";
        return new ConnectFailure(
                by, Failure.of(ProxyError.UPSTREAM_UNREACHABLE, sentence, cause).as(type));
    }
}
