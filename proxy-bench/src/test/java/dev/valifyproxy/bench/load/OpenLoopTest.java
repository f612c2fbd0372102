package dev.valifyproxy.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class OpenLoopTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void every_call_is_answered_and_counted_once() throws Exception {
        try (StrictUpstream upstream = new StrictUpstream(StrictUpstream.Settings.DEFAULT)) {
            Outcome outcome = run(upstream.uri().resolve("/plain/x"), new Schedule(500, 5_000), 8, 100);

            assertThat(outcome.calls(Verdict.RIGHT)).isEqualTo(500);
            assertThat(outcome.wrong()).isZero();
            assertThat(outcome.fromDue().getTotalCount()).isEqualTo(400);
            assertThat(outcome.rate()).isBetween(1.0, 5_500.0);
        }
    }

    @Test
    void a_call_is_not_sent_before_it_is_due() throws Exception {
        try (StrictUpstream upstream = new StrictUpstream(StrictUpstream.Settings.DEFAULT)) {
            long begun = System.nanoTime();

            run(upstream.uri().resolve("/plain/x"), new Schedule(11, 100), 4, 0);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void waiting_behind_a_slow_call_counts() throws Exception {
        Duration delay = Duration.ofMillis(40);
        try (StrictUpstream upstream = slow(delay)) {
            Outcome outcome = run(upstream.uri().resolve("/api/x"), new Schedule(10, 1_000), 1, 0);

            // The tenth is due after 9 ms, and nine before it have taken the one connection for 40 ms each.
            assertThat(Duration.ofNanos(outcome.fromDue().getMaxValue())).isGreaterThan(Duration.ofMillis(390));
            assertThat(Duration.ofNanos(outcome.fromSent().getMinValue())).isLessThan(Duration.ofMillis(390));
        }
    }

    @Test
    void an_answer_that_is_not_200_is_wrong() throws Exception {
        try (StrictUpstream upstream = new StrictUpstream(StrictUpstream.Settings.DEFAULT)) {
            Outcome outcome = run(upstream.uri().resolve("/api/x"), new Schedule(5, 1_000), 2, 0);

            assertThat(outcome.calls(Verdict.WRONG_STATUS)).isEqualTo(5);
            assertThat(outcome.wrong()).isEqualTo(5);
        }
    }

    @Test
    void an_answer_of_another_length_is_wrong() throws Exception {
        try (StrictUpstream upstream = new StrictUpstream(StrictUpstream.Settings.DEFAULT)) {
            Outcome outcome = run(upstream.uri().resolve("/big/x"), new Schedule(3, 1_000), 2, 0);

            assertThat(outcome.calls(Verdict.WRONG_LENGTH)).isEqualTo(3);
        }
    }

    @Test
    void the_answer_to_another_call_is_wrong() throws Exception {
        String answer =
                "HTTP/1.1 200 OK\r\nX-Call: 7\r\nContent-Length: 400\r\nConnection: close\r\n\r\n" + "x".repeat(400);
        assertThat(againstServerSaying(answer).calls(Verdict.WRONG_CALL)).isEqualTo(1);
    }

    @Test
    void an_answer_that_is_cut_off_is_broken() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nX-Call: 0\r\nContent-Length: 400\r\n\r\n" + "x".repeat(399);
        assertThat(againstServerSaying(answer).calls(Verdict.BROKEN)).isEqualTo(1);
    }

    @Test
    void what_is_no_http_is_broken() throws Exception {
        assertThat(againstServerSaying("HTTP!\r\n\r\n").calls(Verdict.BROKEN)).isEqualTo(1);
    }

    @Test
    void a_call_that_nobody_answers_is_given_up() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Outcome outcome = new OpenLoop(
                            new Target(uri(silent), 0, 400),
                            new OpenLoop.Plan(new Schedule(3, 1_000), 2, 0, Duration.ofMillis(50)))
                    .run();

            assertThat(outcome.calls(Verdict.UNANSWERED)).isEqualTo(3);
        }
    }

    @Test
    void an_upstream_that_is_not_there_ends_the_run() throws Exception {
        URI nobody;
        try (ServerSocket closed = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            nobody = uri(closed);
        }

        assertThatThrownBy(() -> run(nobody, new Schedule(3, 1_000), 2, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nobody.toString());
    }

    @Test
    void a_body_is_sent_with_each_call() throws Exception {
        try (StrictUpstream upstream = new StrictUpstream(StrictUpstream.Settings.DEFAULT)) {
            Target target = new Target(upstream.uri().resolve("/plain/x"), 300_000, 400);

            Outcome outcome = new OpenLoop(target, new OpenLoop.Plan(new Schedule(20, 1_000), 2, 0, PATIENCE)).run();

            assertThat(outcome.calls(Verdict.RIGHT)).isEqualTo(20);
        }
    }

    private static StrictUpstream slow(Duration delay) {
        return new StrictUpstream(new StrictUpstream.Settings(0, 3, Duration.ofMinutes(1), Duration.ZERO, delay));
    }

    private static Outcome run(URI uri, Schedule schedule, int connections, long warmUp) throws Exception {
        return new OpenLoop(new Target(uri, 0, 400), new OpenLoop.Plan(schedule, connections, warmUp, PATIENCE)).run();
    }

    /** One call to a server that says this to whoever calls, and hangs up. */
    private static Outcome againstServerSaying(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> say(server, answer), "server");
            serving.start();
            Outcome outcome = run(uri(server), new Schedule(1, 1), 1, 0);
            server.close();
            serving.join();
            return outcome;
        }
    }

    private static void say(ServerSocket server, String answer) {
        try (Socket call = server.accept()) {
            call.getInputStream().read(new byte[4096]);
            call.getOutputStream().write(answer.getBytes(US_ASCII));
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static URI uri(ServerSocket server) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/x");
    }
}
