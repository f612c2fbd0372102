package dev.valifyproxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a line between chunks may be; its syntax is in the cases of the wire. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChunkLinesTest {

    private static final int MAX_LINE = 64;

    private final ChunkLines lines = new ChunkLines(MAX_LINE, 32 * 1024);

    private static String line(int length) {
        return "5;" + "x".repeat(length - 2) + "\r\n";
    }

    private Progress read(String bytes, int piece) {
        ByteBuf in = Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII);
        Progress progress = Progress.MORE;
        while (in.isReadable() && progress == Progress.MORE) {
            ByteBuf part = in.readSlice(Math.min(piece, in.readableBytes()));
            progress = lines.read(part);
            assertThat(part.isReadable() && progress == Progress.DONE).isFalse();
        }
        return progress;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000})
    void each_line_may_be_as_long_as_is_allowed_without_its_end_however_it_arrives(int piece) {
        lines.awaitFirst();
        assertThat(read(line(MAX_LINE), piece)).isEqualTo(Progress.DONE);
        assertThat(lines.size()).isEqualTo(5);
        for (int chunk = 0; chunk < 5; chunk++) {
            lines.awaitNext();
            assertThat(read("\r\n" + line(MAX_LINE), piece)).isEqualTo(Progress.DONE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000})
    void a_line_that_is_longer_is_refused_be_it_the_first_or_a_later_one(int piece) {
        lines.awaitFirst();
        assertThat(read(line(MAX_LINE + 1), piece)).isEqualTo(Progress.MALFORMED);
        lines.awaitFirst();
        assertThat(read(line(MAX_LINE), piece)).isEqualTo(Progress.DONE);
        lines.awaitNext();
        assertThat(read("\r\n" + line(MAX_LINE + 1), piece)).isEqualTo(Progress.MALFORMED);
    }
}
