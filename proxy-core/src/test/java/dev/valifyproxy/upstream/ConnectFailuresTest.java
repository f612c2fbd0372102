package dev.valifyproxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.upstream.ConnectFailure.By;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectFailuresTest {

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(new UnknownHostException("x"), "dns_error", "its host name could not be resolved"),
                Arguments.of(new ConnectException("x"), "connection_refused", "it refused the connection"),
                Arguments.of(new ConnectTimeoutException("x"), "connection_timeout", "connecting took too long"),
                Arguments.of(new NoRouteToHostException("x"), "destination_ip_unroutable", "there is no route to it"),
                Arguments.of(new SSLHandshakeException("x"), "tls_protocol_error", "the TLS handshake failed"),
                Arguments.of(
                        new SslHandshakeTimeoutException("x"), "connection_timeout", "the TLS handshake took too long"),
                Arguments.of(
                        new SSLHandshakeException("Received fatal alert: handshake_failure: x"),
                        "tls_alert_received",
                        "it refused the TLS handshake"),
                Arguments.of(
                        new SSLHandshakeException(
                                "error:10000458:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNRECOGNIZED_NAME: x"),
                        "tls_alert_received",
                        "it refused the TLS handshake"),
                Arguments.of(
                        new SSLHandshakeException(
                                "error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER: x"),
                        "tls_protocol_error",
                        "the TLS handshake failed"),
                Arguments.of(
                        new SSLHandshakeException("General OpenSslEngine problem")
                                .initCause(new CertificateException("x")),
                        "tls_certificate_error",
                        "its TLS certificate is not trusted"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void the_client_is_told_the_reason_and_the_log_the_exception(Throwable cause, String type, String reason) {
        ConnectFailure told = ConnectFailures.of(By.UPSTREAM, cause);
        Failure failure = told.failure();

        assertThat(told.by()).isEqualTo(By.UPSTREAM);
        assertThat(failure.proxyStatusType()).isEqualTo(type);
        assertThat(failure.clientText()).isEqualTo("The upstream cannot be reached: " + reason + ".");
        assertThat(failure.logText()).endsWith(": x");
    }

    @Test
    void bytes_of_an_upstream_that_does_not_speak_TLS_are_not_for_the_log() {
        Failure failure = ConnectFailures.of(
                        By.UPSTREAM, new NotSslRecordException("not an SSL/TLS record: 485454502f312e31"))
                .failure();

        assertThat(failure.clientText()).isEqualTo("The upstream cannot be reached: it does not speak TLS.");
        assertThat(failure.logText()).isNull();
    }

    static Stream<Arguments> causesAtTheEgressProxy() {
        return Stream.of(
                Arguments.of(
                        new UnknownHostException("x"),
                        "dns_error",
                        "the egress proxy's host name could not be resolved"),
                Arguments.of(
                        new ConnectException("x"), "connection_refused", "the egress proxy refused the connection"),
                Arguments.of(
                        new ConnectTimeoutException("x"),
                        "connection_timeout",
                        "connecting to the egress proxy took too long"),
                Arguments.of(
                        new NoRouteToHostException("x"),
                        "destination_ip_unroutable",
                        "there is no route to the egress proxy"),
                Arguments.of(new IOException("x"), "connection_refused", "the connection to the egress proxy failed"));
    }

    @ParameterizedTest
    @MethodSource("causesAtTheEgressProxy")
    void an_egress_proxy_is_named_as_such(Throwable cause, String type, String reason) {
        ConnectFailure told = ConnectFailures.of(By.EGRESS_PROXY, cause);

        assertThat(told.by()).isEqualTo(By.EGRESS_PROXY);
        assertThat(told.failure().proxyStatusType()).isEqualTo(type);
        assertThat(told.failure().clientText()).isEqualTo("The upstream cannot be reached: " + reason + ".");
        assertThat(told.failure().logText()).endsWith(": x");
    }
}
