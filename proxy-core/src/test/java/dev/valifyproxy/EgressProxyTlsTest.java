package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import com.typesafe.config.ConfigFactory;
import dev.valifyproxy.config.ProxyConfig;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxCredentials;
import dev.valifyproxy.sandbox.SandboxSettings;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedEgressProxy;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * A whole proxy whose calls and tokens leave the network through an HTTP proxy, to an upstream over TLS whose name only that proxy can
 * resolve. All that is logged, by whichever library, at debug level, is looked through at the end.
 */
@Tag("tls")
@DisplayNameGeneration(ReplaceUnderscores.class)
class EgressProxyTlsTest {

    private static final String HOST = "valify.invalid";
    private static final String USER = "egr3ss-user";
    private static final String PASSWORD = "egr3ss-pass";
    private static final String BASIC = "ZWdyM3NzLXVzZXI6ZWdyM3NzLXBhc3M";
    private static final String BODY = "{\"document_type\":\"egy_nid\",\"data\":{\"front_img\":\"ZnJvbnQ=\","
            + "\"bundle_key\":\"" + SandboxSettings.DEMO_BUNDLE_KEY + "\",\"lang\":\"en\"}}";
    private static final String POST = "POST /api/v1.5/ocr/ HTTP/1.1\r\nHost: p\r\nContent-Type: application/json\r\n"
            + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final Appender<ILoggingEvent> console = root.getAppender("console");
    private final List<String> printed = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> everything = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            printed.add(event.getThreadName() + " " + event.getLoggerName() + " " + event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                printed.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
    };
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ScriptedEgressProxy egress;
    private final X509Bundle authority;
    private final Sandbox sandbox;
    private Proxy proxy;

    EgressProxyTlsTest() throws Exception {
        egress = new ScriptedEgressProxy();
        authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle own = new CertificateBuilder()
                .subject("CN=valify")
                .addSanDnsName(HOST)
                .buildIssuedBy(authority);
        sandbox = Sandbox.builder()
                .tls(SslContextBuilder.forServer(own.toKeyManagerFactory()).build())
                .build()
                .start();
    }

    @BeforeEach
    void listen() {
        everything.setContext(context);
        everything.start();
        root.detachAppender(console); // at debug level it would flood the output
        root.addAppender(everything);
        root.setLevel(Level.DEBUG);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        sandbox.close();
        egress.close();
        root.setLevel(before);
        root.detachAppender(everything);
        root.addAppender(console);
    }

    private void start(String host) {
        SandboxCredentials credentials = SandboxCredentials.DEMO;
        ProxyConfig config = ProxyConfig.from(ConfigFactory.parseMap(Map.of(
                "valify-proxy.server.bind", "127.0.0.1",
                "valify-proxy.server.port", 0,
                "valify-proxy.upstream.base-url",
                        "https://" + host + ":" + sandbox.uri().getPort(),
                "valify-proxy.upstream.proxy", "http://" + USER + ":" + PASSWORD + "@127.0.0.1:" + egress.port(),
                "valify-proxy.upstream.ca-certificates", authority.getCertificatePEM(),
                "valify-proxy.token.username", credentials.username(),
                "valify-proxy.token.password", credentials.password(),
                "valify-proxy.token.client-id", credentials.clientId(),
                "valify-proxy.token.client-secret", credentials.clientSecret())));
        printed.add(config.toString());
        proxy = Proxy.builder(config).meterRegistry(meters).start();
    }

    private Response call() throws IOException {
        try (RawClient client = new RawClient(proxy.port())) {
            Response response = client.send(POST).read();
            printed.add(response.head() + response.text());
            return response;
        }
    }

    private void assertNothingOfTheProxysCredentialsCameOut() {
        printed.add(proxy.status() + " " + proxy.readiness());
        meters.getMeters().forEach(meter -> printed.add(meter.getId() + " " + meter.measure()));
        Thread.getAllStackTraces().keySet().forEach(thread -> printed.add(thread.getName()));
        assertThat(printed).hasSizeGreaterThan(20);
        assertThat(String.join("\n", printed)).doesNotContain(USER, PASSWORD, BASIC);
    }

    @Test
    void calls_and_tokens_go_through_tunnels_each_with_the_credentials() throws IOException {
        start(HOST);
        for (int i = 0; i < 4; i++) {
            assertThat(call().status()).isEqualTo(200);
        }

        assertThat(sandbox.tokens().used()).isEqualTo(4);
        assertThat(egress.heads())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(head -> assertThat(head)
                        .startsWith("CONNECT " + HOST + ":" + sandbox.uri().getPort() + " HTTP/1.1\r\n")
                        .contains("proxy-authorization: Basic " + BASIC));
        assertThat(egress.passedOn()).doesNotContain(USER, BASIC, "Bearer", "POST");
        assertThat(sandbox.calls().lastCalls())
                .isNotEmpty()
                .allSatisfy(
                        call -> assertThat(call.values("Proxy-Authorization")).isEmpty());
        assertNothingOfTheProxysCredentialsCameOut();
    }

    @Test
    void an_upstream_of_another_name_gets_neither_call_nor_credentials_through_a_tunnel_either() throws IOException {
        start("other.invalid");
        Response response = call();

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.field("Proxy-Status")).containsExactly("valify-proxy; error=tls_certificate_error");
        assertThat(response.text()).contains("its TLS certificate is not trusted");
        assertThat(sandbox.calls().calls()).isZero();
        assertThat(sandbox.calls().mints()).isZero();
        assertThat(connectFailures("upstream")).isEqualTo(1);
        assertThat(connectFailures("egress_proxy")).isZero();
        assertNothingOfTheProxysCredentialsCameOut();
    }

    @Test
    void a_refusal_is_told_in_answer_log_metric_and_readiness_without_the_credentials() throws IOException {
        egress.answer("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"bank\"\r\n"
                + "Content-Length: " + PASSWORD.length() + "\r\n\r\n" + PASSWORD);
        start(HOST);
        Response response = call();

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.text()).contains("the egress proxy refused the connection (407)");
        Fixture.await("the mint has failed", () -> proxy.readiness().reason().contains("407"));
        assertThat(proxy.readiness().reason())
                .isEqualTo("minting fails: the token URL https://" + HOST + ":"
                        + sandbox.uri().getPort() + " is unreachable through the egress proxy 127.0.0.1:"
                        + egress.port() + ": it refused the connection (407)");
        assertThat(connectFailures("egress_proxy")).isEqualTo(1);
        assertThat(connectFailures("upstream")).isZero();
        assertThat(meters.get("valify.proxy.mint.failures")
                        .tag("kind", "egress_failed")
                        .counter()
                        .count())
                .isPositive();
        assertThat(printed)
                .anyMatch(line -> line.contains(", egress proxy 127.0.0.1:" + egress.port() + ": The upstream"));
        assertNothingOfTheProxysCredentialsCameOut();
    }

    private double connectFailures(String by) {
        return meters.get("valify.proxy.upstream.connect.failures")
                .tag("by", by)
                .functionCounter()
                .count();
    }
}
