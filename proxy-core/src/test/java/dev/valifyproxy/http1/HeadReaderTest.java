package dev.valifyproxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9112 §2.2 and §5, and limits to the byte; each wherever the bytes are cut. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HeadReaderTest {

    private static final int MAX_LINE = 20;
    private static final int MAX_HEAD = 30;
    private static final int MAX_FIELDS = 3;

    private static Progress read(HeadReader reader, ByteBuf in) {
        Progress progress = reader.read(in);
        return progress == Progress.FIRST_LINE ? reader.read(in) : progress;
    }

    private static Progress cutAt(String bytes, int cut) {
        HeadReader reader = new HeadReader(MAX_LINE, MAX_HEAD, MAX_FIELDS, false);
        Progress progress = read(reader, Unpooled.copiedBuffer(bytes.substring(0, cut), ISO_8859_1));
        ByteBuf rest = Unpooled.copiedBuffer(bytes.substring(cut), ISO_8859_1);
        return progress == Progress.MORE ? read(reader, rest) : progress;
    }

    @ParameterizedTest
    @CsvSource({
        "aaaaaaaaaaaaaaaaaaaa|A: 1||, DONE",
        "aaaaaaaaaaaaaaaaaaaaa|A: 1||, LINE_TOO_LONG",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaa, LINE_TOO_LONG",
        "a|X: 45678901234567890123456||, DONE",
        "a|X: 456789012345678901234567||, TOO_LARGE",
        "a|X: 678901234567890123456789012345, TOO_LARGE",
        "a|A:1|A:1|A:1||, DONE",
        "a|A:1|A:1|A:1|A, TOO_LARGE",
        "a|A 1: 1||, MALFORMED",
        "a|A : 1||, MALFORMED",
        "a|:1||, MALFORMED",
        "a|A:1| b||, MALFORMED",
        "a|A||, MALFORMED",
        "a|A: \u0000||, MALFORMED",
        "a\u007f|A: 1||, MALFORMED",
        "a|A: 1|, MORE"
    })
    void every_cut_comes_to_the_same(String head, Progress expected) {
        String bytes = head.replace("|", "\r\n");
        for (int cut = 0; cut <= bytes.length(); cut++) {
            Progress progress = cutAt(bytes, cut);
            assertThat(progress).as("cut at %d", cut).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a\\nA: 1\\r\\n\\r\\n",
        "a\\rA: 1\\r\\n\\r\\n",
        "a\\r\\nA: 1\\n\\r\\n",
        "a\\r\\nA: 1\\r\\n\\n",
        "a\\r\\nA: 1\\r\\n\\rx"
    })
    void a_line_ends_with_both_its_octets(String escaped) {
        String bytes = escaped.translateEscapes();
        for (int cut = 0; cut <= bytes.length(); cut++) {
            assertThat(cutAt(bytes, cut)).as("cut at %d", cut).isEqualTo(Progress.MALFORMED);
        }
    }

    @Test
    void what_stands_behind_is_left() {
        HeadReader reader = new HeadReader(MAX_LINE, MAX_HEAD, MAX_FIELDS, false);
        ByteBuf in = Unpooled.copiedBuffer("a\r\nA: 1\r\n\r\nbody", ISO_8859_1);
        assertThat(read(reader, in)).isEqualTo(Progress.DONE);
        assertThat(in.toString(ISO_8859_1)).isEqualTo("body");
    }

    @Test
    void trailers_have_no_first_line() {
        HeadReader reader = new HeadReader(MAX_LINE, MAX_HEAD, MAX_FIELDS, false);
        reader.awaitTrailers();
        assertThat(reader.read(Unpooled.copiedBuffer("A: 1\r\n\r\n", ISO_8859_1)))
                .isEqualTo(Progress.DONE);
        assertThat(new HeadFields(reader.fields()).get("a")).isEqualTo("1");
    }
}
