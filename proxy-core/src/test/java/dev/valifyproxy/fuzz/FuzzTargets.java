package dev.valifyproxy.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is fuzzed: any bytes in, an {@link AssertionError} or another exception out if something does not hold. Where a stream is read, its
 * first byte says how it is cut and who asked.
 */
final class FuzzTargets {

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final byte[] REQUEST = latin1("POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED);
    private static final byte[] ANSWER = latin1("HTTP/1.1 200 OK\r\n" + CHUNKED);

    private FuzzTargets() {}

    /** A client's bytes. */
    static void requests(byte[] input) {
        if (input.length > 0) {
            RequestCheck.check(rest(input), input[0]);
        }
    }

    /** An upstream's bytes. */
    static void answers(byte[] input) {
        if (input.length > 0) {
            AnswerCheck.check(rest(input), AnswerRun.Asked.of(input[0]), input[0]);
        }
    }

    /** What stands behind a chunked message's head, on either side. */
    static void chunks(byte[] input) {
        if (input.length > 0 && (input[0] & 1) == 0) {
            RequestCheck.check(behind(REQUEST, rest(input)), input[0] >> 1);
        } else if (input.length > 0) {
            AnswerCheck.check(behind(ANSWER, rest(input)), AnswerRun.Asked.of(input[0] & 6), input[0] >> 1);
        }
    }

    /** A request's target. */
    static void targets(byte[] input) {
        TargetCheck.check(new String(input, StandardCharsets.ISO_8859_1));
    }

    private static byte[] rest(byte[] input) {
        return Arrays.copyOfRange(input, 1, input.length);
    }

    private static byte[] behind(byte[] head, byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head);
        all.writeBytes(body);
        return all.toByteArray();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
