package dev.valifyproxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TlsPolicyTest {

    private static final Set<String> SUITES = Set.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

    private static TlsPolicy policy(List<String> protocols, Set<String> suites) {
        return new TlsPolicy(protocols, suites, true, false, List.of());
    }

    private static TlsPolicy with(String key, String value) {
        Properties system = new Properties();
        system.setProperty(key, value);
        return TlsPolicy.of(system);
    }

    @Test
    void a_jdk_as_it_comes_asks_for_nothing_that_BoringSSL_cannot_do() {
        TlsPolicy policy = TlsPolicy.of(new Properties());

        assertThat(policy.beyondBoringSsl()).isEmpty();
        assertThat(policy.protocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        assertThat(policy.cipherSuites()).containsAll(SUITES);
        assertThat(policy.tickets()).isTrue();
    }

    @Test
    void a_choice_of_signature_schemes_is_the_jdks_alone() {
        assertThat(with("jdk.tls.client.SignatureSchemes", "ed25519").beyondBoringSsl())
                .isEqualTo("jdk.tls.client.SignatureSchemes");
    }

    @Test
    void tickets_can_be_forbidden() {
        assertThat(with("jdk.tls.client.enableSessionTicketExtension", "false").tickets())
                .isFalse();
    }

    @Test
    void protocols_that_BoringSSL_is_not_asked_for_here_are_the_jdks() {
        assertThat(policy(List.of("TLSv1.2", "TLSv1.1"), SUITES).beyondBoringSsl())
                .contains("TLSv1.1");
    }

    @Test
    void a_choice_among_the_suites_of_TLS_1_3_is_the_jdks_unless_TLS_1_3_is_off() {
        Set<String> fewer = Set.of("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

        assertThat(policy(List.of("TLSv1.3", "TLSv1.2"), fewer).beyondBoringSsl())
                .contains("TLS 1.3");
        assertThat(policy(List.of("TLSv1.2"), fewer).beyondBoringSsl()).isEmpty();
    }

    @Test
    void suites_that_are_not_allowed_are_left_out() {
        assertThat(policy(List.of("TLSv1.2"), SUITES)
                        .allowed(List.of("TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")))
                .containsExactly("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    }
}
