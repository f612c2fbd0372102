package dev.valifyproxy.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who does the work of TLS. Trust is in both cases the JDK's to judge: certificates, their host and their algorithms. */
enum TlsEngine {

    /** Takes a fraction of the JDK's time for a handshake; a native library, which not every platform has. */
    BORING_SSL {
        @Override
        SslContext build(SslContextBuilder client, TlsPolicy policy) throws SSLException {
            if (!policy.namesGroups()) {
                client.option(OpenSslContextOption.GROUPS, GROUPS.clone());
            }
            SslContext context = client.sslProvider(SslProvider.OPENSSL)
                    .protocols(policy.protocols())
                    .ciphers(null, (asked, defaults, supported) -> policy.allowed(defaults))
                    .sessionCacheSize(SESSIONS)
                    .build();
            if (policy.tickets()) {
                // The way to say that tickets are welcome before TLS 1.3 too; most servers resume by nothing else.
                ((OpenSslSessionContext) context.sessionContext()).setTicketKeys();
            }
            return context;
        }
    },

    /** Always there, and heeds all settings of the JVM. */
    JDK {
        @Override
        SslContext build(SslContextBuilder client, TlsPolicy policy) throws SSLException {
            return client.sslProvider(SslProvider.JDK).build();
        }
    };

    /** Kept to be resumed, at the most: each holds a chain of certificates, and a server may grant two with every connection. */
    private static final int SESSIONS = 256;

    /** Those of the JDK. Netty would have a post-quantum one before them, whose share costs more than the rest of a resumed handshake. */
    private static final String[] GROUPS = {"x25519", "secp256r1", "secp384r1", "secp521r1"};

    /** Found when first asked for: who never speaks TLS need not load a library. */
    private static final class Best {

        static final TlsPolicy POLICY = TlsPolicy.of(System.getProperties());
        static final TlsEngine ENGINE = choose(POLICY, OpenSsl.unavailabilityCause());
    }

    /** The one to take here; said in the log when first asked. */
    static TlsEngine best() {
        return Best.ENGINE;
    }

    static TlsEngine choose(TlsPolicy policy, @Nullable Throwable noBoringSsl) {
        Logger log = LoggerFactory.getLogger(TlsEngine.class);
        String beyond = policy.beyondBoringSsl();
        if (!beyond.isEmpty()) {
            log.info("TLS by the JDK: this JVM's settings ask for what BoringSSL cannot be told ({})", beyond);
            return JDK;
        }
        if (noBoringSsl != null) {
            log.info("TLS by the JDK, which costs more: BoringSSL is not to be had ({})", noBoringSsl.toString());
            return JDK;
        }
        log.info("TLS by {}", OpenSsl.versionString());
        return BORING_SSL;
    }

    /** A context of this engine's, as far as this JVM's settings allow. */
    SslContext build(SslContextBuilder client) throws SSLException {
        return build(client, Best.POLICY);
    }

    abstract SslContext build(SslContextBuilder client, TlsPolicy policy) throws SSLException;
}
