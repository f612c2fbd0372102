package dev.valifyproxy.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.tls.TlsSettings;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintOutcome.Failed;
import dev.valifyproxy.token.MintOutcome.Kind;
import dev.valifyproxy.token.MintOutcome.Minted;
import dev.valifyproxy.worker.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grant over real sockets. */
@Tag("tls")
@DisplayNameGeneration(ReplaceUnderscores.class)
class OAuthTokenSourceTest {

    private static final String JSON = "application/json";
    private static final String TOKEN = "{\"access_token\":\"good\",\"expires_in\":600,\"token_type\":\"Bearer\"}";
    private static final Credentials CREDENTIALS =
            new Credentials(Secret.of("user"), Secret.of("p#a&s"), Secret.of("id"), Secret.of("secret"));

    private final EventLoopGroup loop = MintLoop.create(Transport.best());

    @AfterEach
    void stop() throws InterruptedException {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
    }

    @Test
    void a_token_is_asked_for_as_the_grant_says() throws Exception {
        try (RawServer server = RawServer.answering(200, JSON, TOKEN)) {
            assertThat(mint(server)).isEqualTo(new Minted(Secret.of("good"), Duration.ofMinutes(10)));

            String request = server.requests().get(0);
            assertThat(request).startsWith("POST /api/o/token/ HTTP/1.1\r\n");
            assertThat(request)
                    .endsWith(
                            "\r\n\r\ngrant_type=password&username=user&password=p%23a%26s&client_id=id&client_secret=secret");
            assertThat(request.toLowerCase(Locale.ROOT))
                    .contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n")
                    .contains("\r\naccept: application/json\r\n")
                    .contains("\r\nhost: localhost:" + server.port() + "\r\n")
                    .doesNotContain("accept-encoding", "cookie", "authorization", "upgrade");
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_transport_has_a_loop_that_mints(Transport transport) throws Exception {
        EventLoopGroup other = MintLoop.create(transport);
        try (RawServer server = RawServer.answering(200, JSON, TOKEN)) {
            assertThat(mint(settings(url(server), null, Duration.ofSeconds(10)), other))
                    .isInstanceOf(Minted.class);
        } finally {
            other.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
        }
    }

    @Test
    void the_outcome_comes_on_the_mint_loop() throws Exception {
        try (RawServer server = RawServer.answering(200, JSON, TOKEN);
                OAuthTokenSource source = source(settings(url(server), null, Duration.ofSeconds(10)), loop)) {
            CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
            loop.execute(() -> source.mint()
                    .whenComplete(
                            (outcome, error) -> onLoop.complete(loop.next().inEventLoop())));

            assertThat(onLoop.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void no_thread_but_the_loops_is_started() throws Exception {
        try (RawServer server = RawServer.answering(200, JSON, TOKEN);
                OAuthTokenSource source = source(settings(url(server), null, Duration.ofSeconds(10)), loop)) {
            await(source);

            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.contains("AsyncHttpClient"));
        }
    }

    @Test
    void an_answer_is_not_decompressed() throws Exception {
        String answer = RawServer.response(200, JSON, TOKEN).replaceFirst("%n", "%nContent-Encoding: gzip%n");
        try (RawServer server = RawServer.saying(answer)) {
            assertThat(mint(server)).isEqualTo(new Minted(Secret.of("good"), Duration.ofMinutes(10)));
        }
    }

    @Test
    void connections_are_used_again_and_cookies_are_not_kept() throws Exception {
        String answer = RawServer.response(200, JSON, TOKEN).replaceFirst("%n", "%nSet-Cookie: a=b; Path=/%n");
        try (RawServer server = RawServer.saying(answer);
                OAuthTokenSource source = source(settings(url(server), null, Duration.ofSeconds(10)), loop)) {
            for (int mint = 0; mint < 3; mint++) {
                assertThat(await(source)).isInstanceOf(Minted.class);
            }

            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.requests()).hasSize(3).noneMatch(request -> request.contains("a=b"));
        }
    }

    @Test
    void other_credentials_are_sent_over_the_same_connection() throws Exception {
        Credentials other = new Credentials(Secret.of("bob"), Secret.of("n3w"), Secret.of("id"), Secret.of("secret"));
        try (RawServer server = RawServer.answering(200, JSON, TOKEN);
                OAuthTokenSource source = source(settings(url(server), null, Duration.ofSeconds(10)), loop)) {
            assertThat(await(source)).isInstanceOf(Minted.class);
            assertThat(await(source.withCredentials(other))).isInstanceOf(Minted.class);

            assertThat(server.requests().get(1)).contains("username=bob&password=n3w&client_id=id");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void one_mint_is_one_request_even_if_the_server_closes_unanswered() throws Exception {
        try (RawServer server = new RawServer((request, out) -> out.close())) {
            assertThat(failure(mint(server)))
                    .isEqualTo(unreachable(server.port(), "connection closed without an answer"));
            assertThat(server.requests()).hasSize(1);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void one_mint_is_one_request_even_on_a_used_connection_that_dies() throws Exception {
        RawServer.Answer once = new RawServer.Answer() {
            private boolean answered;

            @Override
            public void to(String request, OutputStream out) throws IOException {
                if (answered) {
                    out.close();
                } else {
                    answered = true;
                    out.write(RawServer.bytes(RawServer.response(200, JSON, TOKEN)));
                }
            }
        };
        try (RawServer server = new RawServer(once);
                OAuthTokenSource source = source(settings(url(server), null, Duration.ofSeconds(10)), loop)) {
            assertThat(await(source)).isInstanceOf(Minted.class);

            assertThat(failure(await(source)).kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void a_redirect_is_not_followed() throws Exception {
        try (RawServer target = RawServer.answering(200, JSON, TOKEN);
                RawServer server = RawServer.saying("HTTP/1.1 307 T%nLocation: http://localhost:" + target.port()
                        + "/secret-path?x=y%nContent-Length: 0%n%n")) {
            assertThat(failure(mint(server)))
                    .isEqualTo(Failed.of(
                            Kind.SERVER_ERROR,
                            "the token URL redirects from http://localhost:" + server.port() + " to http://localhost:"
                                    + target.port()));
            assertThat(target.connections()).isZero();
        }
    }

    @Test
    void an_answer_that_breaks_off_is_no_token() throws Exception {
        try (RawServer server = new RawServer((request, out) -> {
            out.write(RawServer.bytes("HTTP/1.1 200 OK%nContent-Length: 500%n%n{\"access_token\":"));
            out.close();
        })) {
            assertThat(failure(mint(server)))
                    .isEqualTo(unreachable(server.port(), "connection closed in the middle of the answer"));
        }
    }

    @Test
    void an_endless_answer_is_cut_off() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        try (RawServer server = new RawServer((request, out) -> {
            out.write(RawServer.bytes("HTTP/1.1 200 OK%nContent-Type: application/json%n%n{\"access_token\":\""));
            try {
                while (true) {
                    out.write(new byte[8_192]);
                }
            } catch (IOException closed) {
                cut.countDown();
                throw closed;
            }
        })) {
            Failed failed = failure(mint(server));
            assertThat(failed.kind()).isEqualTo(Kind.MALFORMED);
            assertThat(failed.reason()).endsWith("answered 200 with more than 65536 bytes");
            assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void an_answer_of_the_greatest_length_is_read() throws Exception {
        String padding = " ".repeat(MintHandler.MOST_BYTES - TOKEN.length());
        try (RawServer server = RawServer.answering(200, JSON, TOKEN + padding)) {
            assertThat(mint(server)).isInstanceOf(Minted.class);
        }
        try (RawServer server = RawServer.answering(200, JSON, TOKEN + padding + " ")) {
            assertThat(failure(mint(server)).kind()).isEqualTo(Kind.MALFORMED);
        }
    }

    @Test
    void a_server_that_does_not_answer_times_the_mint_out() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer server = new RawServer((request, out) -> await(end))) {
            Failed failed = failure(mint(settings(url(server), null, Duration.ofMillis(200)), loop));
            assertThat(failed)
                    .isEqualTo(Failed.of(
                            Kind.TIMED_OUT,
                            "the token URL http://localhost:" + server.port() + " did not answer within 200 ms"));
        } finally {
            end.countDown();
        }
    }

    @Test
    void a_refused_connection_is_named() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        Failed failed = failure(mint(settings("http://localhost:" + port + "/", null, Duration.ofSeconds(10)), loop));

        assertThat(failed).isEqualTo(unreachable(port, "connection refused"));
    }

    @Test
    void a_name_that_the_name_server_does_not_know_is_named() throws Exception {
        OAuthSettings settings = settings("http://nowhere.example/", null, Duration.ofSeconds(10));
        try (NameServer names = new NameServer();
                OAuthTokenSource source = new OAuthTokenSource(settings, loop, names.provider())) {
            assertThat(await(source))
                    .isEqualTo(Failed.of(
                            Kind.UNREACHABLE, "the token URL http://nowhere.example is unreachable: unknown host"));
            assertThat(names.queries()).isPositive();
        }
    }

    @Test
    void a_silent_name_server_does_not_block_the_loop() throws Exception {
        OAuthSettings settings = settings("http://nowhere.example/", null, Duration.ofMillis(300));
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                OAuthTokenSource source = new OAuthTokenSource(
                        settings, loop, new SingletonDnsServerAddressStreamProvider((InetSocketAddress)
                                silent.getLocalSocketAddress()))) {
            CompletableFuture<MintOutcome> outcome = source.mint().toCompletableFuture();

            assertThat(loop.submit(outcome::isDone).get(10, TimeUnit.SECONDS)).isFalse();
            assertThat(failure(outcome.get(10, TimeUnit.SECONDS)).kind()).isEqualTo(Kind.TIMED_OUT);
        }
    }

    @Test
    void what_is_not_http_is_named() throws Exception {
        try (RawServer server = RawServer.saying("SSH-2.0-OpenSSH_9.2%n%n")) {
            assertThat(failure(mint(server)))
                    .isEqualTo(Failed.of(
                            Kind.MALFORMED,
                            "the token URL http://localhost:" + server.port() + " did not answer in HTTP"));
        }
    }

    @Test
    void a_closed_source_fails_its_mints() throws Exception {
        OAuthTokenSource source = source(settings("http://localhost:1/", null, Duration.ofSeconds(10)), loop);
        source.close();

        assertThat(failure(await(source)).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "other.example"})
    void a_certificate_must_be_the_hosts(String name) throws Exception {
        X509Bundle authority = authority();
        X509Bundle own = issuedBy(authority, name);
        try (RawServer server = new RawServer(
                tls(own), (request, out) -> out.write(RawServer.bytes(RawServer.response(200, JSON, TOKEN))))) {
            MintOutcome outcome =
                    mint(settings(httpsUrl(server), authority.getCertificatePEM(), Duration.ofSeconds(10)), loop);

            if (name.equals("localhost")) {
                assertThat(outcome).isInstanceOf(Minted.class);
            } else {
                assertThat(failure(outcome).kind()).isEqualTo(Kind.UNREACHABLE);
                assertThat(failure(outcome).reason()).contains("is unreachable: TLS failure: ", "localhost");
                assertThat(server.requests()).isEmpty();
            }
        }
    }

    @Test
    void a_certificate_of_an_unknown_authority_is_not_trusted() throws Exception {
        X509Bundle own = issuedBy(authority(), "localhost");
        try (RawServer server = new RawServer(tls(own), (request, out) -> out.close())) {
            Failed failed = failure(mint(settings(httpsUrl(server), null, Duration.ofSeconds(10)), loop));

            assertThat(failed.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failed.reason()).contains("TLS failure: ", "certification path");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void a_plain_server_at_an_https_url_is_named_and_not_quoted() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread plain = new Thread(() -> {
                try (var connection = server.accept()) {
                    connection.getOutputStream().write(RawServer.bytes("HTTP/1.1 400 Bad Request%n%n"));
                    connection.getInputStream().readAllBytes();
                } catch (IOException closed) {
                    // the client left
                }
            });
            plain.start();
            String url = "https://localhost:" + server.getLocalPort() + "/";
            Failed failed = failure(mint(settings(url, null, Duration.ofSeconds(10)), loop));

            assertThat(failed.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failed.reason()).endsWith("TLS failure: it does not speak TLS");
            plain.join(10_000);
        }
    }

    private MintOutcome mint(RawServer server) throws Exception {
        return mint(settings(url(server), null, Duration.ofSeconds(10)), loop);
    }

    private static MintOutcome mint(OAuthSettings settings, EventLoopGroup loop) throws Exception {
        try (OAuthTokenSource source = source(settings, loop)) {
            return await(source);
        }
    }

    private static OAuthTokenSource source(OAuthSettings settings, EventLoopGroup loop) {
        return new OAuthTokenSource(settings, loop);
    }

    private static MintOutcome await(OAuthTokenSource source) throws Exception {
        return source.mint().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch end) throws IOException {
        try {
            end.await();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    private static Failed failure(MintOutcome outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        return (Failed) outcome;
    }

    private static Failed unreachable(int port, String why) {
        return Failed.of(Kind.UNREACHABLE, "the token URL http://localhost:" + port + " is unreachable: " + why);
    }

    private static String url(RawServer server) {
        return "http://localhost:" + server.port() + "/api/o/token/";
    }

    private static String httpsUrl(RawServer server) {
        return "https://localhost:" + server.port() + "/api/o/token/";
    }

    private static OAuthSettings settings(String url, String authorities, Duration mintTimeout) {
        return new OAuthSettings(
                URI.create(url),
                null,
                CREDENTIALS,
                Duration.ofSeconds(5),
                mintTimeout,
                Duration.ofSeconds(600),
                Duration.ofHours(24),
                new TlsSettings(authorities));
    }

    private static X509Bundle authority() throws Exception {
        return new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static X509Bundle issuedBy(X509Bundle authority, String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .addSanDnsName(name)
                .buildIssuedBy(authority);
    }

    private static ServerSocketFactory tls(X509Bundle own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.toKeyManagerFactory().getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }
}
