package dev.valifyproxy.server.e2e;

import static dev.valifyproxy.server.e2e.Installation.OCR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.sandbox.Fault;
import dev.valifyproxy.sandbox.Fault.Moment;
import dev.valifyproxy.sandbox.Sandbox;
import dev.valifyproxy.sandbox.SandboxSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Every use and every call accounted for, by what the upstream itself counts, under 64 clients at once. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AccountingTest {

    private static final int CLIENTS = 64;
    private static final long SEED = 7;

    private final Installation installation = Installation.inFrontOf(
            Sandbox.builder()
                    .settings(SandboxSettings.defaults().withRecordedCalls(10_000))
                    .build(),
            Map.of(),
            Map.of());
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() {
        installation.close();
    }

    private List<Integer> call(int calls) throws Exception {
        return call(calls, CLIENTS);
    }

    /** Makes so many numbered calls, so many at a time; their statuses, 0 for an answer that was cut off. Nothing of them stays behind. */
    private List<Integer> call(int calls, int atATime) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(atATime);
        List<Integer> statuses = new ArrayList<>();
        try {
            List<Callable<Integer>> all = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                String name = "call-" + i;
                all.add(() -> status(name));
            }
            for (Future<Integer> one : clients.invokeAll(all)) {
                statuses.add(one.get());
            }
        } finally {
            clients.shutdownNow();
        }
        Installation.await(
                "every call has ended", () -> installation.proxy.status().callsInProgress() == 0);
        assertThat(installation.proxy.status().replayMemory()).isZero();
        return statuses;
    }

    private int status(String name) throws InterruptedException {
        try {
            return http.send(request(name), BodyHandlers.ofString()).statusCode();
        } catch (IOException cutOff) {
            return 0;
        }
    }

    private HttpRequest request(String name) {
        return HttpRequest.newBuilder(installation.uri("/api/v1.5/ocr/"))
                .header("Content-Type", "application/json")
                .header("X-Valify-reference-userid", name)
                .POST(BodyPublishers.ofString(OCR))
                .build();
    }

    /** How often the upstream saw each call. */
    private Map<String, Long> seen() {
        return installation.sandbox.calls().lastCalls().stream()
                .collect(Collectors.groupingBy(
                        call -> call.values("X-Valify-reference-userid").get(0), Collectors.counting()));
    }

    private static List<Fault> shuffled(Fault... kinds) {
        List<Fault> faults = new ArrayList<>();
        for (Fault kind : kinds) {
            faults.addAll(Collections.nCopies(100, kind));
        }
        faults.addAll(Collections.nCopies(1_000, Fault.chunked()));
        Collections.shuffle(faults, new Random(SEED));
        return faults;
    }

    private void befall(List<Fault> faults) {
        installation.sandbox.faults().calls().next(faults.toArray(Fault[]::new));
    }

    @Test
    void of_a_thousand_calls_none_is_refused_and_every_use_minted_is_spent_or_ready() throws Exception {
        assertThat(call(1_000)).containsOnly(200);

        Installation.await(
                "no mint is under way",
                () -> installation.proxy.status().profiles().get(0).pool().mintsInFlight() == 0);
        long minted = installation.sandbox.tokens().minted();
        assertThat(installation.sandbox.tokens().refused()).isZero();
        assertThat(seen()).hasSize(1_000).values().containsOnly(1L);
        assertThat(minted * 3 - 1_000)
                .isEqualTo(installation.proxy.status().profiles().get(0).pool().readyUses());
    }

    @Test
    void whatever_befalls_them_no_post_is_seen_twice() throws Exception {
        befall(shuffled(
                Fault.reset(Moment.HEAD_READ),
                Fault.reset(Moment.PERFORMED),
                Fault.reset(Moment.MID_ANSWER),
                Fault.close(Moment.PERFORMED),
                Fault.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
                Fault.raw("nonsense\r\n\r\n"),
                Fault.interim(103, 102),
                Fault.ending(Fault.Ending.SILENT_CLOSE)));
        call(2_000);

        // Not all 2,000: one that met a connection which was just being closed never arrived.
        assertThat(seen()).hasSizeBetween(1_900, 2_000).values().containsOnly(1L);
        assertThat(installation.sandbox.tokens().refused()).isZero();
    }

    @Test
    void refused_tokens_cost_second_tries_and_no_token_is_used_too_often() throws Exception {
        befall(shuffled(new Fault.TokenRejected(), Fault.reset(Moment.PERFORMED)));
        call(2_000);

        long secondTries =
                seen().values().stream().mapToLong(times -> times - 1).sum();
        assertThat(seen()).hasSizeBetween(1_900, 2_000).values().allMatch(times -> times <= 2);
        assertThat(secondTries)
                .isLessThanOrEqualTo(installation.sandbox.tokens().refused());
        assertThat(installation.sandbox.tokens().overUses()).isZero();
        assertThat(installation.sandbox.tokens().usesAfterExpiry()).isZero();
    }

    @Test
    void when_the_upstream_forgets_all_tokens_at_once_no_call_is_answered_with_their_refusal() throws Exception {
        installation.sandbox.faults().calls().latency(Duration.ofMillis(50));
        installation.sandbox.faults().mints().latency(Duration.ofMillis(200));
        AtomicLong issued = new AtomicLong();
        CompletableFuture<Void> forgets = CompletableFuture.runAsync(() -> {
            Installation.await(
                    "the load runs", () -> installation.sandbox.tokens().used() > 300);
            issued.set(installation.sandbox.tokens().minted());
            installation.sandbox.tokens().invalidateAll();
        });

        assertThat(call(1_500, 25)).containsOnly(200);

        forgets.join();
        assertThat(installation.sandbox.tokens().refused())
                .as("second tries: for the calls that were under way, and a few")
                .isBetween(1L, 40L);
        assertThat(installation.sandbox.tokens().overUses()).isZero();
        assertThat(installation.sandbox.tokens().minted()).isGreaterThan(issued.get());
    }
}
