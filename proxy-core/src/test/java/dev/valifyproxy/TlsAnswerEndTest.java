package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream;
import dev.valifyproxy.tls.TlsSettings;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How an answer without a length ends over TLS (RFC 9112 §8, §9.8): by the closure alert, and by nothing else. */
@Tag("tls")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class TlsAnswerEndTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: p\r\n\r\n";

    private final CountDownLatch testOver = new CountDownLatch(1);
    private final SSLContext tls = SSLContext.getInstance("TLS");
    private final Fixture fixture;

    TlsAnswerEndTest() throws Exception {
        X509Bundle own = new CertificateBuilder()
                .subject("CN=upstream")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        tls.init(own.toKeyManagerFactory().getKeyManagers(), null, null);
        fixture = new Fixture(config -> {
            config.upstream = URI.create("https://localhost:" + config.upstream.getPort());
            config.tls = new TlsSettings(own.getCertificatePEM());
        });
    }

    @AfterEach
    void close() throws Exception {
        testOver.countDown();
        fixture.close();
    }

    private ScriptedUpstream.Connection answerWithoutALength(ScriptedUpstream.Connection connection)
            throws IOException {
        ScriptedUpstream.Connection secured = connection.secure(tls);
        secured.readRequest();
        secured.send("HTTP/1.1 200 OK\r\n\r\nto the end");
        return secured;
    }

    @Test
    void the_closure_alert_completes_it_even_while_the_connection_stays() throws IOException {
        fixture.upstream.script(connection -> {
            answerWithoutALength(connection).shutOutput();
            testOver.await();
        });
        try (RawClient client = fixture.client()) {
            Response response = client.send(GET).read();
            assertThat(response.text()).isEqualTo("to the end");
            assertThat(client.send(GET).read().status()).isEqualTo(200);
        }
        assertThat(fixture.upstream.connections()).as("none is used again").isEqualTo(2);
    }

    @Test
    void an_end_without_the_alert_breaks_the_clients_answer_off() throws IOException {
        fixture.upstream.script(connection -> {
            answerWithoutALength(connection);
            connection.end();
        });
        try (RawClient client = fixture.client()) {
            String all = client.send(GET).readToEnd();
            assertThat(all)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("to the end\r\n")
                    .doesNotContain("\r\n0\r\n");
        }
    }

    @Test
    void a_connection_whose_alert_has_come_serves_no_other_call() throws IOException {
        fixture.upstream.script(connection -> {
            ScriptedUpstream.Connection secured = connection.secure(tls);
            secured.readRequest();
            secured.send(ScriptedUpstream.OK);
            secured.shutOutput();
            testOver.await();
        });
        try (RawClient client = fixture.client()) {
            assertThat(client.send(GET).read().status()).isEqualTo(200);
            Fixture.await("the alert was seen", () -> fixture.connections().open() == 0);
            assertThat(client.send(GET).read().status()).isEqualTo(200);
        }
        assertThat(fixture.upstream.connections()).isEqualTo(2);
    }
}
