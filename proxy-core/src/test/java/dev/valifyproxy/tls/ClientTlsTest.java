package dev.valifyproxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientTlsTest {

    @Test
    void a_configured_authority_is_trusted_beside_others() throws Exception {
        X509Bundle one = authority("one");
        X509Bundle two = authority("two");
        SslContext context = ClientTls.context(new TlsSettings(one.getCertificatePEM() + two.getCertificatePEM()));

        assertThatCode(() -> handshake(context, "host.example", server(one, "host.example")))
                .doesNotThrowAnyException();
        assertThatCode(() -> handshake(context, "host.example", server(two, "host.example")))
                .doesNotThrowAnyException();
    }

    @Test
    void an_authority_that_is_not_configured_is_not_trusted() throws Exception {
        SslContext context = ClientTls.context(new TlsSettings(authority("one").getCertificatePEM()));

        assertThatThrownBy(() -> handshake(context, "host.example", server(authority("two"), "host.example")))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void without_configured_authorities_only_the_systems_are_trusted() throws Exception {
        SslContext context = ClientTls.context(new TlsSettings(null));

        assertThatThrownBy(() -> handshake(context, "host.example", server(authority("one"), "host.example")))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void a_certificate_for_another_name_is_refused() throws Exception {
        X509Bundle one = authority("one");
        SslContext context = ClientTls.context(new TlsSettings(one.getCertificatePEM()));

        assertThatThrownBy(() -> handshake(context, "other.example", server(one, "host.example")))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("other.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "no PEM at all", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"})
    void text_without_a_certificate_is_refused_in_one_sentence(String pem) {
        assertThatThrownBy(() -> ClientTls.context(new TlsSettings(pem)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the CA certificates ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_certificate_that_is_cut_off_is_refused() throws Exception {
        String pem = authority("one").getCertificatePEM();

        assertThatThrownBy(() -> ClientTls.context(new TlsSettings(pem.substring(0, pem.length() / 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the CA certificates are not readable as PEM");
    }

    @Test
    void engines_ask_for_the_hosts_name() {
        SSLEngine engine =
                ClientTls.context(new TlsSettings(null)).newEngine(ByteBufAllocator.DEFAULT, "a.example", 443);

        assertThat(engine.getSSLParameters().getEndpointIdentificationAlgorithm())
                .isEqualTo("HTTPS");
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static SSLEngine server(X509Bundle authority, String host) throws Exception {
        X509Bundle own = new CertificateBuilder()
                .subject("CN=" + host)
                .addSanDnsName(host)
                .buildIssuedBy(authority);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.toKeyManagerFactory().getKeyManagers(), null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    /** Lets the two speak in memory until both are done. */
    private static void handshake(SslContext context, String host, SSLEngine server) throws SSLException {
        SSLEngine client = context.newEngine(ByteBufAllocator.DEFAULT, host, 443);
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        client.beginHandshake();
        server.beginHandshake();
        while (isShaking(client) || isShaking(server)) {
            turn(client, toClient, toServer);
            turn(server, toServer, toClient);
        }
    }

    private static boolean isShaking(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void turn(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer scratch = ByteBuffer.allocate(1 << 16);
        in.flip();
        engine.unwrap(in, scratch);
        in.compact();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        engine.wrap(ByteBuffer.allocate(0), out);
    }
}
