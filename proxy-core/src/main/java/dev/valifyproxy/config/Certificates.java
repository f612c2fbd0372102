package dev.valifyproxy.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** Tells certificates from other text, so that a wrong file is an error of the configuration and not of each handshake. */
final class Certificates {

    private Certificates() {}

    /** Whether this text is one or more X.509 certificates in PEM form. */
    static boolean isPem(String text) {
        try (ByteArrayInputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII))) {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(bytes)
                    .isEmpty();
        } catch (CertificateException | IOException e) {
            return false;
        }
    }
}
