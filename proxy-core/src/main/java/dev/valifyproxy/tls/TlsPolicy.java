package dev.valifyproxy.tls;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * What this JVM's settings, its security properties among them, allow a TLS client. BoringSSL knows none of them, so that it is either held to
 * them or not taken.
 *
 * @param protocols versions of TLS, the best first
 * @param cipherSuites by their standard names
 * @param tickets whether sessions may be resumed by tickets (RFC 5077, RFC 8446 §4.6.1)
 * @param namesGroups whether groups for the exchange of keys are named, which Netty tells BoringSSL
 * @param jdkOnly settings that nobody but the JDK's own TLS heeds
 */
record TlsPolicy(
        List<String> protocols, Set<String> cipherSuites, boolean tickets, boolean namesGroups, List<String> jdkOnly) {

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

    /** BoringSSL offers all of them or no TLS 1.3 at all. */
    private static final Set<String> SUITES_OF_TLS_1_3 =
            Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private static final String SIGNATURE_SCHEMES = "jdk.tls.client.SignatureSchemes";

    /** The policy of this JVM, as it was started with these system properties. */
    static TlsPolicy of(Properties system) {
        SSLContext context = context();
        SSLParameters allowed = context.getDefaultSSLParameters();
        List<String> jdkOnly = new ArrayList<>();
        if (system.getProperty(SIGNATURE_SCHEMES) != null) {
            jdkOnly.add(SIGNATURE_SCHEMES);
        }
        if (!context.getProvider().getName().equals("SunJSSE")) {
            jdkOnly.add("security provider " + context.getProvider().getName()); // a certified one, perhaps
        }
        return new TlsPolicy(
                List.of(allowed.getProtocols()),
                Set.of(allowed.getCipherSuites()),
                !"false".equals(system.getProperty("jdk.tls.client.enableSessionTicketExtension")),
                system.getProperty("jdk.tls.namedGroups") != null,
                List.copyOf(jdkOnly));
    }

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this JDK cannot set up TLS", broken);
        }
    }

    /** Why BoringSSL cannot keep it, or an empty text if it can. */
    String beyondBoringSsl() {
        if (!jdkOnly.isEmpty()) {
            return String.join(", ", jdkOnly);
        }
        if (!PROTOCOLS.containsAll(protocols)) {
            return "protocols " + protocols;
        }
        if (protocols.contains("TLSv1.3") && !cipherSuites.containsAll(SUITES_OF_TLS_1_3)) {
            return "a choice among the cipher suites of TLS 1.3";
        }
        return "";
    }

    /** Those of the given suites that are allowed, in their order. */
    String[] allowed(List<String> suites) {
        return suites.stream().filter(cipherSuites::contains).toArray(String[]::new);
    }
}
