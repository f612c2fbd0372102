package dev.valifyproxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HeadFieldsTest {

    private static final String HEAD =
            "GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nhmac:0a\r\nX-Two: \t2 \r\nX-One: caf\u00e9\r\nX-Empty:\r\n\r\n";

    private static HttpHeaders fieldsOf(String head) {
        HeadReader reader = new HeadReader(1_000, 4_000, 100, false);
        ByteBuf in = Unpooled.copiedBuffer(head, ISO_8859_1);
        assertThat(reader.read(in)).isEqualTo(Progress.FIRST_LINE);
        assertThat(reader.read(in)).isEqualTo(Progress.DONE);
        return new HeadFields(reader.fields());
    }

    private static String written(HttpHeaders headers) {
        ByteBuf out = Unpooled.buffer(HeadFields.sizeBound(headers));
        int room = out.capacity();
        HeadFields.write(headers, out);
        assertThat(out.capacity()).as("no growth: the bound holds").isEqualTo(room);
        return out.toString(ISO_8859_1);
    }

    @Test
    void untouched_fields_are_written_as_they_came_but_for_blanks_around_values() {
        assertThat(written(fieldsOf(HEAD)))
                .isEqualTo("Host: a\r\nX-One: 1\r\nhmac: 0a\r\nX-Two: 2\r\nX-One: caf\u00e9\r\nX-Empty: \r\n");
    }

    @Test
    void a_field_is_found_in_any_spelling() {
        HttpHeaders headers = fieldsOf(HEAD);
        assertThat(headers.get("x-one")).isEqualTo("1");
        assertThat(headers.getAll("X-ONE")).containsExactly("1", "caf\u00e9");
        assertThat(headers.get("HMAC")).isEqualTo("0a");
        assertThat(headers.get("X-Empty")).isEmpty();
        assertThat(headers.contains("X-On")).isFalse();
        assertThat(headers.contains("")).isFalse();
        assertThat(headers.names()).hasSize(5);
        assertThat(headers.entries()).hasSize(6).contains(entry("X-Two", "2"));
    }

    @Test
    void a_value_set_through_its_entry_keeps_place_and_spelling() {
        HttpHeaders headers = fieldsOf("GET / HTTP/1.1\r\nA: 1\r\nHOST: client\r\nB: 2\r\n\r\n");
        headers.iteratorCharSequence().forEachRemaining(field -> {
            if (HttpHeaderNames.HOST.contentEqualsIgnoreCase(field.getKey())) {
                field.setValue("upstream");
            }
        });
        assertThat(written(headers)).isEqualTo("A: 1\r\nHOST: upstream\r\nB: 2\r\n");
    }

    @Test
    void what_is_set_stands_behind_the_others_and_takes_the_place_of_all_of_its_name() {
        HttpHeaders headers = fieldsOf(HEAD);
        headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer t").set("x-ONE", 3);
        assertThat(written(headers))
                .isEqualTo("Host: a\r\nhmac: 0a\r\nX-Two: 2\r\nX-Empty: \r\nauthorization: Bearer t\r\nx-ONE: 3\r\n");
        assertThat(headers.size()).isEqualTo(6);
    }

    /** Beside Netty's headers, edited in the same random ways. */
    @RepeatedTest(200)
    void edits_do_what_they_do_to_nettys_headers(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        StringBuilder head = new StringBuilder("GET / HTTP/1.1\r\n");
        HttpHeaders model = new DefaultHttpHeaders();
        for (int i = random.nextInt(12); i > 0; i--) {
            String name = "x-" + (char) ('a' + random.nextInt(5));
            head.append(name).append(": ").append(i).append("\r\n");
            model.add(name, i);
        }
        HttpHeaders headers = fieldsOf(head.append("\r\n").toString());
        for (int i = random.nextInt(10); i > 0; i--) {
            CharSequence name = "X-" + (char) ('A' + random.nextInt(5));
            switch (random.nextInt(3)) {
                case 0 -> {
                    headers.set(name, "s" + i);
                    model.set(name, "s" + i);
                }
                case 1 -> {
                    headers.add(name, "a" + i);
                    model.add(name, "a" + i);
                }
                default -> {
                    headers.remove(name);
                    model.remove(name);
                }
            }
        }
        assertThat(headers.size()).isEqualTo(model.size());
        assertThat(headers.entries().stream().map(Map.Entry::getValue).toList())
                .containsExactlyElementsOf(
                        model.entries().stream().map(Map.Entry::getValue).toList());
        for (char c = 'a'; c < 'f'; c++) {
            assertThat(headers.getAll("x-" + c)).isEqualTo(model.getAll("x-" + c));
        }
        assertThat(written(headers)).isEqualToIgnoringCase(written(model));
    }

    @Test
    void numbers_and_dates_are_read_where_they_are_some() {
        HttpHeaders headers = fieldsOf("GET / HTTP/1.1\r\nA: 7\r\nB: x\r\nDate: Tue, 24 Nov 2026 18:00:00 GMT\r\n\r\n");
        assertThat(headers.getInt("A")).isEqualTo(7);
        assertThat(headers.getInt("B")).isNull();
        assertThat(headers.getInt("C", 3)).isEqualTo(3);
        assertThat(headers.getShort("A", (short) 0)).isEqualTo((short) 7);
        assertThat(headers.getTimeMillis("date")).isEqualTo(1_795_543_200_000L);
        assertThat(headers.getTimeMillis("B", 1L)).isEqualTo(1L);
    }
}
