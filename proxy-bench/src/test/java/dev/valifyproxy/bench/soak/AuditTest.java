package dev.valifyproxy.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.CallRecord;
import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.metrics.CallMeters;
import dev.valifyproxy.metrics.PoolMeters;
import dev.valifyproxy.sandbox.Call;
import dev.valifyproxy.sandbox.Fault;
import dev.valifyproxy.sandbox.Sandbox;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Each kind of disagreement is found. The upstream's ledger is that of a sandbox to which nobody speaks. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AuditTest {

    private static final Reply.Whole OK = new Reply.Whole(200, false, "{}");
    private static final Reply.Whole RESET = error("upstream_reset", "unknown");
    private static final Reply.Whole NO_TOKEN = error("token_unavailable", "no");
    private static final Fault STALL = Fault.stall(Fault.Moment.HEAD_READ);
    private static final Fault CUT = Fault.reset(Fault.Moment.HEAD_READ);

    private final Book book = new Book(100_000);
    private final Views views = new Views();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CallMeters calls = new CallMeters(registry, () -> 0);
    private final PoolMeters pool = new PoolMeters(registry, "default");
    private final Sandbox sandbox = Sandbox.builder().build();

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static Reply.Whole error(String code, String performed) {
        return new Reply.Whole(502, false, "{\"proxy_error\":\"" + code + "\",\"performed\":\"" + performed + "\"}");
    }

    /** A call, as its client and the proxy saw it end. */
    private int call(boolean safe, Reply reply, Outcome outcome) {
        int id = book.open(safe);
        book.close(id, views.judge(new Request(id, safe, "", 0, false, 0), reply));
        if (reply instanceof Reply.Whole whole) {
            counted(outcome, whole.status(), errorOf(whole));
        }
        return id;
    }

    private static ProxyError errorOf(Reply.Whole whole) {
        return whole.proxyError().isEmpty()
                ? null
                : ProxyError.valueOf(whole.proxyError().toUpperCase(Locale.ROOT));
    }

    private void counted(Outcome outcome, int status, ProxyError error) {
        calls.ended(new CallRecord(outcome, status, error, 1, 0, 0, 0, -1, 0));
    }

    /** The upstream sees it, but no use of a token counts. */
    private void sent(int id, Fault fault) {
        List<Call.Header> fields = List.of(new Call.Header(Request.ID_FIELD, String.valueOf(id)));
        book.seen(new Call(Call.Kind.SERVICE, "POST", "/", fields, 0, "", "token-1", false, fault, 1));
    }

    private List<String> problems() {
        return new Audit(book, views, registry, sandbox.tokens()).problems();
    }

    @Test
    void calls_of_which_all_three_tell_the_same_are_well() {
        sent(call(false, OK, Outcome.RELAYED), CUT);
        sent(call(false, RESET, Outcome.FAILED), CUT);
        call(false, RESET, Outcome.FAILED);
        call(false, NO_TOKEN, Outcome.FAILED);

        assertThat(problems()).isEmpty();
    }

    @Test
    void a_post_that_was_sent_twice_is_found() {
        int id = call(false, OK, Outcome.RELAYED);
        sent(id, CUT);
        sent(id, CUT);

        assertThat(problems()).singleElement().asString().contains("POST 0").contains("2 times");
    }

    @Test
    void a_get_may_be_sent_twice_but_not_three_times() {
        int id = call(true, OK, Outcome.RELAYED);
        sent(id, CUT);
        sent(id, CUT);
        assertThat(problems()).isEmpty();

        sent(id, CUT);
        assertThat(problems()).singleElement().asString().contains("3 times");
    }

    @Test
    void an_answer_to_a_call_that_the_upstream_never_saw_is_found() {
        call(false, OK, Outcome.RELAYED);

        assertThat(problems()).singleElement().asString().contains("0 times");
    }

    @Test
    void a_call_that_was_sent_although_it_is_said_not_to_be_performed_is_found() {
        sent(call(false, NO_TOKEN, Outcome.FAILED), CUT);

        assertThat(problems()).singleElement().asString().contains("NOT_PERFORMED");
    }

    @Test
    void a_timeout_without_a_silent_upstream_is_found() {
        Reply.Whole timedOut = error("upstream_timeout", "unknown");
        sent(call(false, timedOut, Outcome.FAILED), STALL);
        assertThat(problems()).isEmpty();

        sent(call(false, timedOut, Outcome.FAILED), CUT);
        assertThat(problems()).singleElement().asString().contains("POST 1 was not answered in time");
    }

    @Test
    void a_connection_that_ends_without_an_answer_is_found() {
        call(false, new Reply.Silence(), Outcome.FAILED);
        counted(Outcome.FAILED, 502, ProxyError.UPSTREAM_RESET);

        assertThat(problems()).anyMatch(problem -> problem.contains("UNANSWERED"));
    }

    @Test
    void a_call_that_the_proxy_did_not_count_is_found() {
        int id = book.open(false);
        book.close(id, views.judge(new Request(id, false, "", 0, false, 0), OK));
        sent(id, CUT);

        assertThat(problems()).anyMatch(problem -> problem.contains("RELAYED 2xx, clients saw 1"));
    }

    @Test
    void a_call_that_the_proxy_counted_twice_is_found() {
        sent(call(false, OK, Outcome.RELAYED), CUT);
        counted(Outcome.RELAYED, 200, null);

        assertThat(problems()).singleElement().asString().contains("counted 1 calls of which no client saw the end");
    }

    @Test
    void a_call_whose_client_left_may_have_ended_in_any_way_but_once() {
        book.close(book.open(false), End.LEFT);
        assertThat(problems()).singleElement().asString().contains("but 1 left");

        counted(Outcome.ABANDONED, 0, null);
        assertThat(problems()).isEmpty();
    }

    @Test
    void an_answer_to_anothers_call_is_found() {
        int id = call(false, new Reply.Whole(422, false, "{\"error_code\":10007,"), Outcome.RELAYED);
        sent(id, CUT);

        assertThat(problems()).singleElement().asString().contains("1 answers to another's call");
    }

    @Test
    void an_internal_error_is_found() {
        sent(call(false, error("internal_error", "unknown"), Outcome.FAILED), CUT);

        assertThat(problems()).singleElement().asString().contains("internal error");
    }

    @Test
    void a_use_that_was_never_resolved_is_found() {
        pool.leaked(new Throwable());

        assertThat(problems()).singleElement().asString().contains("never resolved");
    }
}
