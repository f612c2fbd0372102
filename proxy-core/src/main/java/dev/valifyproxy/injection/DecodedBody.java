package dev.valifyproxy.injection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** A short body as text, to be compared with others. Pure. */
final class DecodedBody {

    /** Bytes to which a body may swell; what comes behind is not looked at. */
    static final int MAX_DECODED = 16 * 1024;

    /** JSON may spell any character so (RFC 8259 §7), and does those that are not ASCII. */
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    private DecodedBody() {}

    /**
     * The text with its content coding and the {@code \}{@code u} escapes of JSON undone.
     *
     * @param coding the field {@code Content-Encoding}
     * @param body the bytes as they were received; left as they are
     * @return empty if it cannot be decoded: an answer that we cannot read is none that we may judge by its body
     */
    static String text(@Nullable String coding, ByteBuf body) {
        byte[] bytes = ByteBufUtil.getBytes(body);
        return unescaped(coding == null || coding.equalsIgnoreCase("identity") ? utf8(bytes) : decoded(coding, bytes));
    }

    private static String decoded(String coding, byte[] bytes) {
        // A stream does not end an inflater that it was given, and what that holds is not of the heap.
        Inflater inflater = new Inflater(!hasZlibHeader(bytes));
        try (InputStream decoded = decoder(coding, bytes, inflater)) {
            return utf8(decoded.readNBytes(MAX_DECODED));
        } catch (IOException undecodable) {
            return "";
        } finally {
            inflater.end();
        }
    }

    private static InputStream decoder(String coding, byte[] bytes, Inflater inflater) throws IOException {
        InputStream raw = new ByteArrayInputStream(bytes);
        return switch (coding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> new GZIPInputStream(raw);
            case "deflate" -> new InflaterInputStream(raw, inflater);
            default -> throw new IOException("unknown content coding");
        };
    }

    /** {@code deflate} means zlib (RFC 9110 §8.4.1.2), yet some send it bare. */
    private static boolean hasZlibHeader(byte[] bytes) {
        return bytes.length >= 2 && (bytes[0] & 0x0f) == 8 && ((bytes[0] & 0xff) * 256 + (bytes[1] & 0xff)) % 31 == 0;
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }
}
