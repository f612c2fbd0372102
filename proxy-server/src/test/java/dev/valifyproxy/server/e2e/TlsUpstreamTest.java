package dev.valifyproxy.server.e2e;

import static dev.valifyproxy.server.e2e.Installation.OCR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.sandbox.Sandbox;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An upstream over TLS: no call goes to one that cannot prove who it is. */
@Tag("tls")
@DisplayNameGeneration(ReplaceUnderscores.class)
class TlsUpstreamTest {

    private final X509Bundle authority = authority();

    private static X509Bundle authority() {
        try {
            return new CertificateBuilder()
                    .subject("CN=test authority")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Sandbox sandbox(CertificateBuilder names) throws Exception {
        X509Bundle own = names.subject("CN=sandbox").buildIssuedBy(authority);
        return Sandbox.builder()
                .tls(SslContextBuilder.forServer(own.toKeyManagerFactory()).build())
                .build();
    }

    private static Installation inFrontOf(Sandbox sandbox, X509Bundle trusted) {
        return Installation.inFrontOf(
                sandbox, Map.of(), Map.of("upstream.ca-certificates", trusted.getCertificatePEM()));
    }

    private static HttpResponse<String> call(Installation installation) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(installation.uri("/api/v1.5/ocr/"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(OCR))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private static void assertCertificateRefused(Installation installation) throws Exception {
        HttpResponse<String> answer = call(installation);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
        assertThat(answer.body())
                .contains("\"proxy_error\":\"upstream_unreachable\"")
                .contains("\"performed\":\"no\"");
        assertThat(answer.headers().firstValue("Proxy-Status")).contains("valify-proxy; error=tls_certificate_error");
        assertThat(installation.sandbox.calls().calls()).isZero();
        assertThat(installation.sandbox.calls().mints()).isZero();
    }

    @Test
    void an_upstream_of_a_trusted_authority_is_called() throws Exception {
        try (Installation installation =
                inFrontOf(sandbox(new CertificateBuilder().addSanIpAddress("127.0.0.1")), authority)) {
            for (int i = 0; i < 4; i++) {
                assertThat(call(installation).statusCode()).isEqualTo(200);
            }
            assertThat(installation.sandbox.tokens().used()).isEqualTo(4);
        }
    }

    @Test
    void an_upstream_of_an_unknown_authority_gets_neither_call_nor_credentials() throws Exception {
        try (Installation installation =
                inFrontOf(sandbox(new CertificateBuilder().addSanIpAddress("127.0.0.1")), authority())) {
            assertCertificateRefused(installation);
        }
    }

    @Test
    void an_upstream_of_another_name_gets_neither_call_nor_credentials() throws Exception {
        try (Installation installation =
                inFrontOf(sandbox(new CertificateBuilder().addSanDnsName("other.example")), authority)) {
            assertCertificateRefused(installation);
        }
    }
}
