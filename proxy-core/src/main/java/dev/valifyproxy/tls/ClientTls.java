package dev.valifyproxy.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS as a client: towards the upstream and the token URL. */
public final class ClientTls {

    private ClientTls() {}

    /**
     * A context that trusts the system's authorities and the given ones, and checks that the certificate is the host's (RFC 9110
     * §4.3.4). Its engines must be made with the host's name. To be released by whoever asked for it, or left to the collector.
     *
     * @throws IllegalArgumentException if the given authorities are no PEM certificates; the message is one sentence
     */
    public static SslContext context(TlsSettings settings) {
        return context(settings, TlsEngine.best());
    }

    static SslContext context(TlsSettings settings, TlsEngine engine) {
        SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
        try {
            if (settings.caCertificates() != null) {
                builder.trustManager(trusting(certificates(settings.caCertificates())));
            }
            return engine.build(builder);
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException("this JDK cannot set up TLS", broken);
        }
    }

    private static Collection<? extends Certificate> certificates(String pem) {
        Collection<? extends Certificate> found;
        try {
            found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        } catch (CertificateException unreadable) {
            throw new IllegalArgumentException("the CA certificates are not readable as PEM", unreadable);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the CA certificates hold no certificate (-----BEGIN CERTIFICATE-----)");
        }
        return found;
    }

    /** One store with both kinds of authorities, so that one chain may be checked against any. */
    private static TrustManagerFactory trusting(Collection<? extends Certificate> further)
            throws GeneralSecurityException, IOException {
        KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
        all.load(null, null);
        int number = 0;
        for (Certificate root : systemRoots()) {
            all.setCertificateEntry("system-" + number++, root);
        }
        for (Certificate root : further) {
            all.setCertificateEntry("configured-" + number++, root);
        }
        return trustManagers(all);
    }

    private static Certificate[] systemRoots() throws GeneralSecurityException {
        for (TrustManager manager : trustManagers(null).getTrustManagers()) {
            if (manager instanceof X509TrustManager system) {
                return system.getAcceptedIssuers();
            }
        }
        return new Certificate[0];
    }

    /** Trusts what the store holds; what the system trusts, if there is none. */
    private static TrustManagerFactory trustManagers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
