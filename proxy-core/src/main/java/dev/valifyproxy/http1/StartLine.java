package dev.valifyproxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The version that a message's first line tells, in both directions (RFC 9112 §2.3). Pure. */
final class StartLine {

    /** Of "HTTP/1.1". */
    static final int VERSION_LENGTH = 8;

    private static final byte[] NAME = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] OURS = "HTTP/1.1".getBytes(StandardCharsets.US_ASCII);

    private StartLine() {}

    /** The version to treat a message as, or null if there is none here: a higher minor version than ours is ours (RFC 9110 §6.2). */
    static @Nullable HttpVersion version(byte[] bytes, int from, int to) {
        if (from < 0
                || to - from < VERSION_LENGTH
                || !Arrays.equals(bytes, from, from + NAME.length, NAME, 0, NAME.length)) {
            return null;
        }
        byte major = bytes[from + 5];
        byte minor = bytes[from + 7];
        if (!Octets.isDigit(major) || bytes[from + 6] != '.' || !Octets.isDigit(minor)) {
            return null;
        }
        if (major == '1') {
            return minor == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
        }
        return new HttpVersion("HTTP", major - '0', minor - '0', true);
    }

    /** Writes the version of every message of this proxy's. */
    static void writeVersion(ByteBuf out) {
        out.writeBytes(OURS);
    }
}
