package dev.valifyproxy.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.config.ProxyConfig;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of a token's uses a call takes. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class UseScopesTest {

    private static final UseScopeSettings REFERENCE = ProxyConfig.from(
                    ConfigFactory.parseString("valify-proxy.token { use-scope = service,"
                            + " username = u, password = p, client-id = i, client-secret = s }"))
            .profiles()
            .get(0)
            .useScopes();

    private final UseScopes scopes = new UseScopes(REFERENCE);

    private static String name(int scope) {
        return scope == 0 ? "other" : REFERENCE.services().get(scope - 1).name();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1.5/ocr/,ocr",
        "/api/v1/ocr/,ocr",
        "/api/v1/ocr/egp_nid_ocr/,ocr",
        "/api/v1/face/match/,face-match",
        "/api/v1.1/face/match/,face-match",
        "/api/v1/transliterate/egy-nid/,transliterate",
        "/api/v2.1/sanction-shield/search/,sanction-shield",
        "/api/v2/sanction-shield/search/,sanction-shield",
        "/api/v1/otp/send/,otp-send",
        "/api/v1/otp/verify/,otp-verify",
        "/api/v1/otp/email/send/,otp-email-send",
        "/api/v1/otp/email/verify/,otp-email-verify",
        "/api/v1/transaction/inquire/,transaction",
        "/api/v1/transaction/inquiry/,transaction",
        "/api/v1/transaction/fetch-images/,transaction",
        "/api/v1/fra/ntra/,other",
        "/api/v1.1/fra/cso/,other",
        "/api/v3/ocr/,other",
        "/,other",
        "*,other",
        "/api/v1/otp/send,otp-send",
        "/api/v1/otp/send/?x=/api/v1/ocr/,otp-send",
        "//api/v1//otp/send/,otp-send",
        "/api/v1/%6ftp/./send/,otp-send",
        "/api/v1/otp/sender/,other",
    })
    void a_call_belongs_to_the_service_of_its_path(String target, String service) {
        assertThat(name(scopes.of(target))).isEqualTo(service);
    }

    @Test
    void each_service_has_a_scope_of_its_own_and_all_other_calls_have_one() {
        assertThat(REFERENCE.scopes()).isEqualTo(REFERENCE.services().size() + 1);
        assertThat(REFERENCE.services().stream()
                        .map(service -> scopes.of(service.paths().get(0))))
                .doesNotHaveDuplicates()
                .allMatch(scope -> scope > 0 && scope < REFERENCE.scopes());
    }

    @Test
    void where_no_services_are_told_apart_there_is_one_scope() {
        UseScopeSettings token = new UseScopeSettings(List.of());
        assertThat(token.scopes()).isEqualTo(1);
        assertThat(new UseScopes(token).of("/api/v1/otp/send/")).isZero();
    }

    @Test
    void a_path_in_normal_form_allocates_nothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            sum += scopes.of("/api/v1/transaction/fetch-images/?x=y");
        }
        // The bean's own, and the compiler's, stay far below an object a call.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        assertThat(sum).isPositive();
    }
}
