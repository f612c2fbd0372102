package dev.valifyproxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.valifyproxy.testing.CapturedLog;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("tls")
@DisplayNameGeneration(ReplaceUnderscores.class)
class TlsEngineTest {

    @RegisterExtension
    final CapturedLog log = new CapturedLog(TlsEngine.class);

    private final TlsPolicy usual = TlsPolicy.of(new Properties());

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void where_BoringSSL_is_it_is_taken() {
        assumeThat(Boolean.getBoolean("io.netty.handler.ssl.noOpenSsl")).isFalse();

        assertThat(TlsEngine.best()).isEqualTo(TlsEngine.BORING_SSL);
        assertThat(TlsEngine.choose(usual, OpenSsl.unavailabilityCause())).isEqualTo(TlsEngine.BORING_SSL);
        assertThat(log.lines()).contains("TLS by BoringSSL");
    }

    @Test
    void where_it_is_not_the_jdks_is_and_one_line_says_why() {
        assertThat(TlsEngine.choose(usual, new UnsatisfiedLinkError("no such library")))
                .isEqualTo(TlsEngine.JDK);
        assertThat(log.lines())
                .containsExactly("TLS by the JDK, which costs more: BoringSSL is not to be had "
                        + "(java.lang.UnsatisfiedLinkError: no such library)");
    }

    @Test
    void where_settings_ask_for_more_than_it_can_do_the_jdks_is_taken() {
        TlsPolicy more = new TlsPolicy(usual.protocols(), usual.cipherSuites(), true, false, List.of("a.setting"));

        assertThat(TlsEngine.choose(more, null)).isEqualTo(TlsEngine.JDK);
        assertThat(log.lines())
                .containsExactly(
                        "TLS by the JDK: this JVM's settings ask for what BoringSSL cannot be told (a.setting)");
    }

    @Test
    void BoringSSL_offers_no_more_than_is_allowed() throws Exception {
        assumeThat(OpenSsl.isAvailable()).isTrue();
        TlsPolicy narrow = new TlsPolicy(
                List.of("TLSv1.2"), Set.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"), false, false, List.of());
        SslContext context = TlsEngine.BORING_SSL.build(SslContextBuilder.forClient(), narrow);
        SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT, "a.example", 443);

        assertThat(engine.getEnabledProtocols()).contains("TLSv1.2").doesNotContain("TLSv1.3", "TLSv1.1", "TLSv1");
        assertThat(engine.getEnabledCipherSuites()).containsOnly("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        ReferenceCountUtil.release(engine);
        ReferenceCountUtil.release(context);
    }
}
