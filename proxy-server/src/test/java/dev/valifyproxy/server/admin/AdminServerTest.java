package dev.valifyproxy.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valifyproxy.StatusReport;
import dev.valifyproxy.StatusReport.ProfileStatus;
import dev.valifyproxy.listener.BindFailure;
import dev.valifyproxy.token.MintState;
import dev.valifyproxy.token.PoolStats;
import dev.valifyproxy.upstream.UpstreamStats;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole over a real socket. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AdminServerTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final AdminSettings ANY_PORT = new AdminSettings("127.0.0.1", 0);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<Health> ready = new AtomicReference<>(new Health(true, "a token is ready"));
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = start(ANY_PORT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void metrics_are_served() throws Exception {
        registry.counter("valify.proxy.something").increment();

        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("valify_proxy_something_total 1.0");
    }

    @Test
    void probes_are_served() throws Exception {
        assertThat(get("/health/live").body()).isEqualTo("{\"status\":\"live\"}\n");
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);

        ready.set(new Health(false, "draining"));

        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body()).isEqualTo("{\"ready\":false,\"reason\":\"draining\"}\n");
    }

    @Test
    void the_status_is_served() throws Exception {
        HttpResponse<String> answer = get("/status.json");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"uptime_seconds\":90", "\"ready_uses\":3")
                .endsWith("}\n");
    }

    @Test
    void a_head_of_the_status_tells_its_length() throws Exception {
        HttpRequest head = HttpRequest.newBuilder(uri("/status.json"))
                .method("HEAD", BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = client.send(head, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValueAsLong("content-length"))
                .hasValue(get("/status.json").body().length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/status", "/status.json/"})
    void nothing_else_is_served(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void a_taken_port_is_said_in_one_sentence() {
        int taken = server.port();

        assertThatThrownBy(() -> start(new AdminSettings("127.0.0.1", taken)))
                .isInstanceOf(BindFailure.class)
                .hasMessage(
                        "cannot listen on 127.0.0.1:" + taken + " (admin.bind, admin.port): address already in use");
    }

    @Test
    void a_port_that_another_program_listens_on_is_taken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK)) {
            assertThatThrownBy(() -> start(new AdminSettings("0.0.0.0", other.getLocalPort())))
                    .isInstanceOf(BindFailure.class)
                    .hasMessage("cannot listen on 0.0.0.0:" + other.getLocalPort()
                            + " (admin.bind, admin.port): address already in use");
        }
    }

    @Test
    void an_address_of_another_machine_is_said_in_one_sentence() {
        assertThatThrownBy(() -> start(new AdminSettings("192.0.2.1", 9090)))
                .isInstanceOf(BindFailure.class)
                .hasMessage(
                        "cannot listen on 192.0.2.1:9090 (admin.bind, admin.port): cannot assign requested address");
    }

    @Test
    void an_unknown_name_is_said_in_one_sentence() {
        assertThatThrownBy(() -> start(new AdminSettings("nowhere.invalid", 9090)))
                .isInstanceOf(BindFailure.class)
                .hasMessage(
                        "cannot listen on nowhere.invalid:9090 (admin.bind, admin.port): there is no host of this name");
    }

    @Test
    void closing_frees_the_port_and_ends_open_connections() throws IOException {
        int port = server.port();
        try (Socket open = new Socket(LOOPBACK, port)) {
            open.getOutputStream().write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".getBytes(US_ASCII));
            assertThat(open.getInputStream().read()).isEqualTo('H');

            server.close();

            assertThat(open.getInputStream().readAllBytes()).isNotEmpty();
        }
        assertThatThrownBy(() -> new Socket(LOOPBACK, port)).isInstanceOf(ConnectException.class);
        start(new AdminSettings("127.0.0.1", port)).close();
    }

    /** Netty's loop closes its channels only at the one point of its turn where it looks whether it should end. */
    @Test
    void open_connections_end_at_whatever_point_of_its_turn_the_loop_is_told_to_end() throws Exception {
        EventExecutor loop = adminLoop();
        Thread closing = new Thread(server::close);
        try (Socket open = new Socket(LOOPBACK, server.port())) {
            open.setSoTimeout(10_000);
            open.getOutputStream().write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".getBytes(US_ASCII));
            assertThat(open.getInputStream().read()).isEqualTo('H');
            loop.execute(() -> {
                closing.start();
                while (!loop.isShuttingDown() && closing.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
            });

            assertThat(open.getInputStream().readAllBytes()).isNotEmpty();
        }
        closing.join();
    }

    private EventExecutor adminLoop() throws IOException, InterruptedException {
        AtomicReference<EventExecutor> loop = new AtomicReference<>();
        server.close();
        Supplier<Health> ready = () -> {
            loop.set(ThreadExecutorMap.currentExecutor());
            return new Health(true, "");
        };
        server = AdminServer.start(ANY_PORT, registry, () -> new Health(true, ""), ready, AdminServerTest::status);
        get("/health/ready");
        return loop.get();
    }

    private AdminServer start(AdminSettings settings) {
        Supplier<Health> live = () -> new Health(true, "the event loops turn");
        return AdminServer.start(settings, registry, live, ready::get, AdminServerTest::status);
    }

    private static Status status() {
        return new Status(
                Duration.ofSeconds(90),
                "nio",
                new Health(true, "ready"),
                new StatusReport(
                        0,
                        0,
                        0,
                        List.of(new ProfileStatus(
                                "default",
                                new PoolStats(3, 0, 0, 0, MintState.HEALTHY, true, null, null, 3),
                                URI.create("https://valifystage.com"),
                                new UpstreamStats(0, 0, 0, 0, 0)))));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
