package dev.valifyproxy.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.http.EgressProxy.Login;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.testing.ScriptedEgressProxy;
import dev.valifyproxy.testing.ScriptedEgressProxy.Connection;
import dev.valifyproxy.tls.TlsSettings;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintOutcome.Failed;
import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.MintOutcome.Minted;
import dev.valifyproxy.worker.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grant where the token URL is reached through an HTTP proxy. Its host is one that only that proxy can resolve. */
@Tag("tls")
@DisplayNameGeneration(ReplaceUnderscores.class)
class MintThroughEgressProxyTest {

    private static final String HOST = "id.invalid";
    private static final String TOKEN = "{\"access_token\":\"good\",\"expires_in\":600,\"token_type\":\"Bearer\"}";
    private static final String GRANTED = RawServer.response(200, "application/json", TOKEN);
    private static final Login LOGIN = new Login(Secret.of("bob"), Secret.of("pw6:é"));

    private final EventLoopGroup loop = MintLoop.create(Transport.best());
    private final ScriptedEgressProxy egress;
    private final X509Bundle authority;

    MintThroughEgressProxyTest() throws Exception {
        egress = new ScriptedEgressProxy();
        authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        egress.close();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
    }

    private OAuthTokenSource source(String url, EgressProxy proxy, Duration mintTimeout) {
        Secret any = Secret.of("any");
        return new OAuthTokenSource(
                new OAuthSettings(
                        URI.create(url),
                        proxy,
                        new Credentials(any, any, any, any),
                        Duration.ofSeconds(5),
                        mintTimeout,
                        Duration.ofSeconds(600),
                        Duration.ofHours(24),
                        new TlsSettings(authority.getCertificatePEM())),
                loop);
    }

    private OAuthTokenSource source(String url) {
        return source(url, new EgressProxy("127.0.0.1", egress.port(), LOGIN), Duration.ofSeconds(10));
    }

    private static MintOutcome mint(OAuthTokenSource source) throws Exception {
        return source.mint().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private RawServer issuer(String certificateOf) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        X509Bundle own = new CertificateBuilder()
                .subject("CN=id")
                .addSanDnsName(certificateOf)
                .buildIssuedBy(authority);
        context.init(own.toKeyManagerFactory().getKeyManagers(), null, null);
        ServerSocketFactory sockets = context.getServerSocketFactory();
        return new RawServer(sockets, (request, out) -> out.write(RawServer.bytes(GRANTED)));
    }

    /** Whatever a test's proxy does with it: a port that nobody needs to listen on. */
    private static String httpsUrl() {
        return "https://" + HOST + ":8443/o/token/";
    }

    private Failed egressFailed(String url, String why) {
        return Failed.of(
                Kind.EGRESS_FAILED,
                "the token URL " + url + " is unreachable through the egress proxy 127.0.0.1:" + egress.port() + ": "
                        + why);
    }

    @Test
    void an_https_token_url_is_reached_through_a_tunnel_with_TLS_of_its_own() throws Exception {
        try (RawServer issuer = issuer(HOST);
                OAuthTokenSource source = source("https://" + HOST + ":" + issuer.port() + "/o/token/")) {
            for (int i = 0; i < 3; i++) {
                assertThat(mint(source)).isEqualTo(new Minted(Secret.of("good"), Duration.ofMinutes(10)));
            }

            assertThat(egress.heads()).singleElement().asString().satisfies(head -> {
                assertThat(head).startsWith("CONNECT " + HOST + ":" + issuer.port() + " HTTP/1.1\r\n");
                assertThat(head).contains("proxy-authorization: Basic Ym9iOnB3NjrDqQ==\r\n");
            });
            assertThat(issuer.requests()).hasSize(3).allSatisfy(request -> {
                assertThat(request).startsWith("POST /o/token/ HTTP/1.1\r\n");
                assertThat(request.toLowerCase(Locale.ROOT)).doesNotContain("proxy-", "bob", "ym9iom");
            });
        }
    }

    @Test
    void a_token_url_whose_certificate_is_anothers_gets_no_credentials_through_a_tunnel_either() throws Exception {
        try (RawServer issuer = issuer("other.invalid");
                OAuthTokenSource source = source("https://" + HOST + ":" + issuer.port() + "/o/token/")) {
            MintOutcome outcome = mint(source);

            assertThat(outcome).isInstanceOf(Failed.class);
            assertThat(((Failed) outcome).kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(((Failed) outcome).reason()).contains("is unreachable: TLS failure: ");
            assertThat(issuer.requests()).isEmpty();
        }
    }

    @Test
    void of_an_http_token_url_the_proxy_is_asked_for_the_resource_itself_each_time_with_its_credentials()
            throws Exception {
        egress.script(connection -> {
            assertThat(connection.readBody()).startsWith("grant_type=password&");
            connection.send(GRANTED.replace("%n", "\r\n"));
        });
        try (OAuthTokenSource source = source("http://" + HOST + "/o/token/")) {
            assertThat(mint(source)).isInstanceOf(Minted.class);
            assertThat(mint(source)).isInstanceOf(Minted.class);

            assertThat(egress.heads())
                    .hasSize(2)
                    .allSatisfy(head -> assertThat(head)
                            .startsWith("POST http://" + HOST + "/o/token/ HTTP/1.1\r\n")
                            .contains("proxy-authorization: Basic Ym9iOnB3NjrDqQ==\r\n"));
            assertThat(egress.connections()).isEqualTo(1);
        }
    }

    @Test
    void without_credentials_none_are_sent() throws Exception {
        egress.script(connection -> {
            connection.readBody();
            connection.send(GRANTED.replace("%n", "\r\n"));
        });
        EgressProxy open = new EgressProxy("localhost", egress.port(), null);
        try (OAuthTokenSource source = source("http://" + HOST + "/o/token/", open, Duration.ofSeconds(10))) {
            assertThat(mint(source)).isInstanceOf(Minted.class);
        }
        assertThat(egress.heads()).singleElement().asString().doesNotContainIgnoringCase("authorization");
    }

    @ParameterizedTest
    @CsvSource({
        "407, it refused the connection (407)",
        "403, it refused the connection (403)",
        "401, it refused the connection (401)",
        "400, it refused the connection (400)",
        "302, it refused the connection (302)",
        "201, it refused the connection (201)",
        "429, it refused the connection (429)",
        "502, it could not connect to it (502)",
        "503, it could not connect to it (503)"
    })
    void what_the_proxy_answers_in_place_of_a_tunnel_is_never_taken_for_the_issuers_word(int status, String why)
            throws Exception {
        egress.answer(RawServer.response(status, "application/json", TOKEN)
                .replace(
                        "%n%n", "%nRetry-After: 60%nLocation: http://127.0.0.1/%nProxy-Authenticate: Basic realm=x%n%n")
                .replace("%n", "\r\n"));
        try (OAuthTokenSource source = source(httpsUrl())) {
            assertThat(mint(source)).isEqualTo(egressFailed("https://" + HOST + ":8443", why));
        }
        assertThat(egress.heads()).as("credentials refused are not sent again").hasSize(1);
    }

    @Test
    void a_407_to_a_plain_request_is_the_proxys_too() throws Exception {
        egress.script(connection -> {
            connection.readBody();
            connection.send("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
        });
        try (OAuthTokenSource source = source("http://" + HOST + "/o/token/")) {
            assertThat(mint(source)).isEqualTo(egressFailed("http://" + HOST, "it refused the connection (407)"));
        }
        assertThat(egress.heads()).hasSize(1);
    }

    @Test
    void a_proxy_that_says_nothing_is_told() throws Exception {
        egress.script(Connection::readToEnd);
        EgressProxy silent = new EgressProxy("127.0.0.1", egress.port(), LOGIN);
        try (OAuthTokenSource source = source(httpsUrl(), silent, Duration.ofMillis(300))) {
            assertThat(mint(source))
                    .isEqualTo(egressFailed("https://" + HOST + ":8443", "it did not answer within 300 ms"));
        }
    }

    @Test
    void a_proxy_that_closes_is_told() throws Exception {
        egress.script(Connection::end);
        try (OAuthTokenSource source = source(httpsUrl())) {
            assertThat(mint(source))
                    .isEqualTo(egressFailed("https://" + HOST + ":8443", "the connection closed before it stood"));
        }
        assertThat(egress.heads()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 s3cret\r\n\r\n"})
    void a_proxy_that_does_not_speak_HTTP_is_told_but_not_quoted(String answer) throws Exception {
        egress.answer(answer);
        try (OAuthTokenSource source = source(httpsUrl())) {
            assertThat(mint(source)).isEqualTo(egressFailed("https://" + HOST + ":8443", "it did not answer in HTTP"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_proxy_that_refuses_connections_is_told(String scheme) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        EgressProxy gone = new EgressProxy("127.0.0.1", port, LOGIN);
        try (OAuthTokenSource source = source(scheme + "://" + HOST + "/o/token/", gone, Duration.ofSeconds(10))) {
            assertThat(mint(source))
                    .isEqualTo(Failed.of(
                            Kind.EGRESS_FAILED,
                            "the token URL " + scheme + "://" + HOST
                                    + " is unreachable through the egress proxy 127.0.0.1:" + port
                                    + ": connection refused"));
        }
    }

    @Test
    void a_proxy_whose_name_is_unknown_is_told() throws Exception {
        EgressProxy unknown = new EgressProxy("no-such-proxy.invalid", 3128, LOGIN);
        try (OAuthTokenSource source = source(httpsUrl(), unknown, Duration.ofSeconds(10))) {
            MintOutcome outcome = mint(source);
            assertThat(outcome).isInstanceOf(Failed.class);
            assertThat(((Failed) outcome).kind()).isEqualTo(Kind.EGRESS_FAILED);
            assertThat(((Failed) outcome).reason())
                    .startsWith("the token URL https://" + HOST
                            + ":8443 is unreachable through the egress proxy no-such-proxy.invalid:3128: ");
        }
    }
}
