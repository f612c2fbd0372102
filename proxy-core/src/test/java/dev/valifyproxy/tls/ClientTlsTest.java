package dev.valifyproxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both engines, as far as they are there, against a server of the JDK's. */
@Tag("tls")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientTlsTest {

    private static final String HOST = "host.example";

    private final List<Object> toRelease = new ArrayList<>();

    static Stream<TlsEngine> engines() {
        return OpenSsl.isAvailable() ? Stream.of(TlsEngine.values()) : Stream.of(TlsEngine.JDK);
    }

    static Stream<Arguments> enginesAndProtocols() {
        return engines().flatMap(engine -> Stream.of("TLSv1.2", "TLSv1.3").map(of -> Arguments.of(engine, of)));
    }

    @AfterEach
    void release() {
        toRelease.forEach(ReferenceCountUtil::release);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_configured_authority_is_trusted_beside_others(TlsEngine engine) throws Exception {
        X509Bundle one = authority("one");
        X509Bundle two = authority("two");
        SslContext context = context(engine, one.getCertificatePEM() + two.getCertificatePEM());

        assertThatCode(() -> handshake(context, HOST, server(one, HOST))).doesNotThrowAnyException();
        assertThatCode(() -> handshake(context, HOST, server(two, HOST))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void an_authority_that_is_not_configured_is_not_trusted(TlsEngine engine) throws Exception {
        SslContext context = context(engine, authority("one").getCertificatePEM());

        assertThatThrownBy(() -> handshake(context, HOST, server(authority("two"), HOST)))
                .isInstanceOf(SSLException.class)
                .rootCause()
                .hasMessageContaining("certification path");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void without_configured_authorities_only_the_systems_are_trusted(TlsEngine engine) throws Exception {
        SslContext context = context(engine, null);

        assertThatThrownBy(() -> handshake(context, HOST, server(authority("one"), HOST)))
                .isInstanceOf(SSLException.class)
                .rootCause()
                .hasMessageContaining("certification path");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_certificate_for_another_name_is_refused(TlsEngine engine) throws Exception {
        X509Bundle one = authority("one");
        SslContext context = context(engine, one.getCertificatePEM());

        assertThatThrownBy(() -> handshake(context, "other.example", server(one, HOST)))
                .isInstanceOf(SSLException.class)
                .rootCause()
                .hasMessageContaining("other.example");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_certificate_for_another_address_is_refused(TlsEngine engine) throws Exception {
        X509Bundle one = authority("one");
        SslContext context = context(engine, one.getCertificatePEM());

        assertThatThrownBy(() -> handshake(context, "192.0.2.1", server(one, "192.0.2.1")))
                .as("a name that looks like it is none")
                .isInstanceOf(SSLException.class)
                .rootCause()
                .hasMessageContaining("192.0.2.1");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void an_expired_certificate_is_refused(TlsEngine engine) throws Exception {
        X509Bundle one = authority("one");
        SslContext context = context(engine, one.getCertificatePEM());
        Instant now = Instant.now();
        X509Bundle expired = new CertificateBuilder()
                .subject("CN=" + HOST)
                .addSanDnsName(HOST)
                .notBefore(now.minus(Duration.ofDays(9)))
                .notAfter(now.minus(Duration.ofDays(1)))
                .buildIssuedBy(one);

        assertThatThrownBy(() -> handshake(context, HOST, server(expired).createSSLEngine()))
                .isInstanceOf(SSLException.class)
                .rootCause()
                .hasMessageContaining("NotAfter");
    }

    @ParameterizedTest
    @MethodSource("enginesAndProtocols")
    void both_versions_are_spoken_and_the_host_is_named(TlsEngine engine, String protocol) throws Exception {
        X509Bundle one = authority("one");
        SSLEngine server = server(one, HOST);
        server.setEnabledProtocols(new String[] {protocol});
        handshake(context(engine, one.getCertificatePEM()), HOST, server);

        assertThat(server.getSession().getProtocol()).isEqualTo(protocol);
        assertThat(((ExtendedSSLSession) server.getSession()).getRequestedServerNames())
                .containsExactly(new SNIHostName(HOST));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void older_versions_are_not(TlsEngine engine) throws Exception {
        X509Bundle one = authority("one");
        SslContext context = context(engine, one.getCertificatePEM());
        SSLEngine client = context.newEngine(ByteBufAllocator.DEFAULT, HOST, 443);
        toRelease.add(client);

        assertThat(client.getEnabledProtocols())
                .contains("TLSv1.2", "TLSv1.3")
                .doesNotContain("TLSv1", "TLSv1.1", "SSLv3");
    }

    @ParameterizedTest
    @MethodSource("enginesAndProtocols")
    @EnabledForJreRange(
            max = JRE.JAVA_21,
            disabledReason =
                    "on Java 25 the server asks for its key each time, so that it does not show what was resumed")
    void a_session_is_resumed_with_its_host_and_with_no_other(TlsEngine engine, String protocol) throws Exception {
        X509Bundle one = authority("one");
        SslContext context = context(engine, one.getCertificatePEM());
        AtomicInteger certificatesShown = new AtomicInteger();
        X509Bundle both = new CertificateBuilder()
                .subject("CN=both")
                .addSanDnsName(HOST)
                .addSanDnsName("other.example")
                .buildIssuedBy(one);
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(new X509ExtendedKeyManager[] {new CountingKeys(both, certificatesShown)}, null, null);
        for (int i = 0; i < 3; i++) {
            handshake(context, HOST, engine(server, protocol));
            forgetSessions(server);
        }
        assertThat(certificatesShown).hasValue(1);

        handshake(context, "other.example", engine(server, protocol));
        assertThat(certificatesShown).hasValue(2);
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

    @ParameterizedTest
    @MethodSource("engines")
    void engines_ask_for_the_hosts_name(TlsEngine of) {
        SSLEngine engine = context(of, null).newEngine(ByteBufAllocator.DEFAULT, "a.example", 443);
        toRelease.add(engine);

        assertThat(engine.getSSLParameters().getEndpointIdentificationAlgorithm())
                .isEqualTo("HTTPS");
    }

    @Test
    void a_channel_that_ends_gives_the_native_memory_of_its_engine_back() {
        assumeThat(OpenSsl.isAvailable()).isTrue();
        SslHandler handler = context(TlsEngine.BORING_SSL, null).newHandler(ByteBufAllocator.DEFAULT, "a.example", 443);
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        channel.finishAndReleaseAll();

        assertThat(ReferenceCountUtil.refCnt(handler.engine())).isZero();
    }

    private SslContext context(TlsEngine engine, String authorities) {
        SslContext context = ClientTls.context(new TlsSettings(authorities), engine);
        toRelease.add(context);
        return context;
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static SSLEngine server(X509Bundle authority, String host) throws Exception {
        return server(new CertificateBuilder()
                        .subject("CN=" + host)
                        .addSanDnsName(host)
                        .buildIssuedBy(authority))
                .createSSLEngine();
    }

    private static SSLContext server(X509Bundle own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.toKeyManagerFactory().getKeyManagers(), null, null);
        return context;
    }

    private static SSLEngine engine(SSLContext server, String protocol) {
        SSLEngine engine = server.createSSLEngine();
        engine.setEnabledProtocols(new String[] {protocol});
        return engine;
    }

    /** What is resumed then is a ticket: many servers keep no sessions. */
    private static void forgetSessions(SSLContext server) {
        SSLSessionContext sessions = server.getServerSessionContext();
        for (byte[] id : Collections.list(sessions.getIds())) {
            sessions.getSession(id).invalidate();
        }
    }

    /** Lets the two speak in memory until both are done, and the client has read the tickets that come then. */
    private void handshake(SslContext context, String host, SSLEngine server) throws SSLException {
        SSLEngine client = context.newEngine(ByteBufAllocator.DEFAULT, host, 443);
        toRelease.add(0, client);
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        server.setUseClientMode(false);
        client.beginHandshake();
        server.beginHandshake();
        while (isShaking(client) || isShaking(server)) {
            turn(client, toClient, toServer);
            turn(server, toServer, toClient);
        }
        turn(client, toClient, toServer);
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

    /** A certificate, and how often a client had to be shown it: once for each session that is not resumed. */
    private static final class CountingKeys extends X509ExtendedKeyManager {

        private final X509Bundle own;
        private final AtomicInteger shown;

        CountingKeys(X509Bundle own, AtomicInteger shown) {
            this.own = own;
            this.shown = shown;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return keyType.startsWith("EC") ? "own" : null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return chooseEngineServerAlias(keyType, issuers, null);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return own.getCertificatePath();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            shown.incrementAndGet();
            return own.getKeyPair().getPrivate();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
