package dev.valifyproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.testing.StrictHttp.Field;
import dev.valifyproxy.testing.StrictHttp.Framing;
import dev.valifyproxy.testing.StrictHttp.Message;
import dev.valifyproxy.testing.StrictHttp.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge itself, by examples from RFC 9112. Line ends are written as they would be in Java. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StrictHttpTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Parsed requests(String stream, Leniency... lenient) {
        return StrictHttp.requests(bytes(stream), lenient.length == 0 ? Set.of() : EnumSet.of(lenient[0], lenient));
    }

    private static Parsed answer(String stream, boolean toHead, boolean ended) {
        return StrictHttp.answer(bytes(stream), toHead, ended, Set.of());
    }

    @Test
    void a_pipeline_of_requests_is_told_apart_by_its_framing() {
        Parsed parsed = requests("POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                + "\r\nPUT http://h/ HTTP/1.1\r\nhost:h\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "2;x=\"y\\\"\"\r\nde\r\n01\r\nf\r\n00000000000000000000\r\nX-T:\t1 \r\n\r\n"
                + "GET / HTTP/1.0\r\n\r\nGET");
        assertThat(parsed.refusal()).isNull();
        assertThat(parsed.messages()).extracting(Message::body).containsExactly("abc", "def", "");
        assertThat(parsed.messages())
                .extracting(Message::framing)
                .containsExactly(Framing.LENGTH, Framing.CHUNKED, Framing.NONE);
        assertThat(parsed.messages().get(1).trailers()).containsExactly(new Field("X-T", "1"));
        assertThat(parsed.messages().get(1).start()).containsExactly("PUT", "http://h/");
        assertThat(parsed.rest()).isEqualTo(3);
        assertThat(parsed.unfinished()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
                " GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /\t HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / http/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\nHost: h\r\n\r\n",
                "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "G@T / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET a/b HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /% HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /\" HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n",
                "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h/i\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX : a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX: a\u0000b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\na",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\na",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\na",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void a_head_against_the_grammar_is_refused(String stream) {
        Parsed parsed = requests(stream);
        assertThat(parsed.refusal()).isNotNull();
        assertThat(parsed.heads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                " 1\r\na\r\n0\r\n\r\n",
                "1 \r\na\r\n0\r\n\r\n",
                "0x1\r\na\r\n0\r\n\r\n",
                "-1\r\na\r\n0\r\n\r\n",
                "1\na\r\n0\r\n\r\n",
                "1;\r\na\r\n0\r\n\r\n",
                "1;a=\"\r\na\r\n0\r\n\r\n",
                "1\r\nab\r\n0\r\n\r\n",
                "1\r\na\n0\r\n\r\n",
                "1111111111111111\r\n",
                "0\r\nX : 1\r\n\r\n",
                "0\r\n X: 1\r\n\r\n"
            })
    void a_body_against_the_grammar_leaves_its_message_unfinished(String body) {
        Parsed parsed = requests("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        assertThat(parsed.refusal()).isNotNull();
        assertThat(parsed.messages()).isEmpty();
        assertThat(parsed.heads()).isEqualTo(1);
    }

    @Test
    void a_stream_that_just_ends_is_not_wrong_and_holds_what_is_complete() {
        String stream = "GET / HTTP/1.1\r\nHost: h\r\n\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc";
        for (int end = 0; end < stream.length(); end++) {
            assertThat(requests(stream.substring(0, end)).refusal())
                    .as("%d bytes", end)
                    .isNull();
        }
        assertThat(requests(stream).messages()).hasSize(1);
        assertThat(requests(stream).unfinished().body()).isEqualTo("abc");
    }

    @Test
    void an_answer_ends_where_its_status_its_request_and_its_fields_say() {
        String body = "Content-Length: 2\r\n\r\nok";
        assertThat(answer("HTTP/1.1 200 OK\r\n" + body, false, false)
                        .messages()
                        .get(0)
                        .body())
                .isEqualTo("ok");
        assertThat(answer("HTTP/1.1 200 OK\r\n" + body, true, false).rest()).isEqualTo(2);
        assertThat(answer("HTTP/1.1 304 \r\n" + body, false, false).rest()).isEqualTo(2);
        assertThat(answer("HTTP/1.1 204 \r\nTransfer-Encoding: chunked\r\n\r\n0", false, false)
                        .rest())
                .isEqualTo(1);
        assertThat(answer("HTTP/1.1 103 E\r\n\r\nHTTP/1.1 200 OK\r\n" + body, false, false)
                        .messages())
                .hasSize(2);
    }

    @Test
    void without_a_length_an_answer_ends_with_its_connection_if_that_ends_in_order() {
        String stream = "HTTP/1.1 200 OK\r\n\r\nok";
        assertThat(answer(stream, false, true).messages().get(0).framing()).isEqualTo(Framing.CLOSE);
        assertThat(answer(stream, false, false).messages()).isEmpty();
        assertThat(answer(stream, false, false).unfinished().body()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/1.1 +20 OK\r\n\r\n",
                "HTTP/1.1 0200 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "HTTP/1.1 101 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 O\u0007K\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX : 1\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void an_answer_against_the_grammar_is_refused(String stream) {
        assertThat(answer(stream, false, true).refusal()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "1,,true",
        "1,close,false",
        "1,'x, Close',false",
        "0,,false",
        "0,keep-alive,true",
        "0,'keep-alive, close',false"
    })
    void a_connection_stays_as_its_version_and_its_options_say(int minor, String option, boolean stays) {
        String field = option == null ? "" : "Connection: " + option + "\r\n";
        Parsed parsed = answer("HTTP/1." + minor + " 204 \r\n" + field + "\r\n", false, false);
        assertThat(parsed.messages().get(0).keepsAlive()).isEqualTo(stays);
    }

    @Test
    void each_leniency_allows_what_it_names() {
        String get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        assertThat(requests("\r\n\n" + get, Leniency.LINE_ENDS_BEFORE_A_REQUEST).heads())
                .isEqualTo(1);
        assertThat(requests("GET /{\"% HTTP/1.1\r\nHost: h\r\n\r\n", Leniency.TARGET_CHARACTERS)
                        .heads())
                .isEqualTo(1);
        assertThat(requests("GET / HTTP/1.1\r\nHost: %\r\n\r\n", Leniency.HOST_SYNTAX)
                        .heads())
                .isEqualTo(1);
        String chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;\"\r\na\r\n0\r\n\r\n";
        assertThat(requests(chunked, Leniency.CHUNK_EXTENSION_SYNTAX).messages())
                .hasSize(1);
        Set<Leniency> ofAnswers =
                EnumSet.of(Leniency.STATUS_LINE_WITHOUT_LAST_SPACE, Leniency.SPACE_BEFORE_AN_ANSWERS_COLON);
        Parsed answer = StrictHttp.answer(bytes("HTTP/1.1 204\r\nX : 1\r\n\r\n"), false, false, ofAnswers);
        assertThat(answer.messages().get(0).fields()).containsExactly(new Field("X", "1"));
    }
}
