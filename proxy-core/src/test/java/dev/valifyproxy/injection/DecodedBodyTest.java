package dev.valifyproxy.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A body's text, whatever it was put in. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DecodedBodyTest {

    private static final String TEXT = "{\"message\":\"Forbidden – not found\"}";

    private interface Coder {
        OutputStream over(OutputStream raw) throws IOException;
    }

    private static byte[] encoded(Coder coder, byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = coder.over(bytes)) {
            out.write(text);
        }
        return bytes.toByteArray();
    }

    private static byte[] encoded(String coding) throws IOException {
        byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
        return switch (coding) {
            case "gzip" -> encoded(GZIPOutputStream::new, text);
            case "zlib" -> encoded(DeflaterOutputStream::new, text);
            case "raw" -> encoded(out -> new DeflaterOutputStream(out, new Deflater(9, true)), text);
            default -> text;
        };
    }

    private static String text(String coding, byte[] body) {
        return DecodedBody.text(coding, Unpooled.wrappedBuffer(body));
    }

    @ParameterizedTest
    @CsvSource({
        ",plain",
        "identity,plain",
        "Identity,plain",
        "gzip,gzip",
        "GZIP,gzip",
        "x-gzip,gzip",
        "deflate,zlib",
        "Deflate,zlib",
        "deflate,raw"
    })
    void a_known_coding_is_undone(String coding, String bytes) throws IOException {
        assertThat(text(coding, encoded(bytes))).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({"gzip,plain", "deflate,plain", "br,plain", "'gzip, deflate',gzip", "gzip,zlib", "'',plain"})
    void what_cannot_be_decoded_has_no_text(String coding, String bytes) throws IOException {
        assertThat(text(coding, encoded(bytes))).isEmpty();
    }

    @Test
    void a_compressed_body_cut_short_has_no_text() throws IOException {
        byte[] whole = encoded("gzip");
        for (int length = 0; length < whole.length; length++) {
            assertThat(text("gzip", Arrays.copyOf(whole, length))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip", "deflate"})
    void of_a_body_that_swells_no_more_is_decoded_than_a_refusal_can_have(String coding) throws IOException {
        byte[] bomb = encoded(
                coding.equals("gzip") ? GZIPOutputStream::new : DeflaterOutputStream::new, new byte[10_000_000]);
        assertThat(text(coding, bomb)).hasSize(DecodedBody.MAX_DECODED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a \\u2013 b                 | a – b
            \\u0049nvalid\\u0020token    | Invalid token
            \\u00e9\\u00C9               | éÉ
            \\u0024\\u005c1              | $\\1
            \\u201 \\uxyzt \\n           | \\u201 \\uxyzt \\n
            """)
    void the_escapes_of_json_are_undone(String spelt, String meant) {
        assertThat(text(null, spelt.getBytes(StandardCharsets.UTF_8))).isEqualTo(meant);
    }

    @Test
    void the_bytes_stay_as_they_are() throws IOException {
        ByteBuf body = Unpooled.wrappedBuffer(encoded("gzip"));
        DecodedBody.text("gzip", body);
        assertThat(body.readableBytes()).isEqualTo(encoded("gzip").length);
    }
}
