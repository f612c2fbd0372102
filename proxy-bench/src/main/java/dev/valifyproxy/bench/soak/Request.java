package dev.valifyproxy.bench.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.valifyproxy.sandbox.SandboxSettings;
import java.util.Arrays;

/**
 * One request as it goes out.
 *
 * @param id its number in the {@link Book}, and in the field by which the upstream knows it
 * @param safe whether it is a GET
 * @param head with the empty line
 * @param bodyLength bytes of body, 0 for none
 * @param chunked whether the body is
 * @param askedCode the error code the upstream was asked to answer with, which tells this answer from others'; 0 for none
 */
record Request(int id, boolean safe, String head, int bodyLength, boolean chunked, int askedCode) {

    /** A field that passes unchanged. */
    static final String ID_FIELD = "X-Valify-reference-userid";

    static final String OCR = "/api/v1.5/ocr/";
    static final String LARGE_ANSWER = "/api/v1/transaction/inquire/";
    static final String TOKEN = "/api/o/token/";

    private static final byte[] BODY_START =
            ("{\"document_type\":\"egy_nid\",\"transaction_id\":\"t\",\"bundle_key\":\""
                            + SandboxSettings.DEMO_BUNDLE_KEY + "\",\"data\":{\"front_img\":\"")
                    .getBytes(ISO_8859_1);
    private static final byte[] BODY_END = "\"}}".getBytes(ISO_8859_1);

    /** The shortest body there is. */
    static final int SHORTEST = BODY_START.length + BODY_END.length;

    /** Copies a part of the body, which is a valid one at any length. */
    void body(int from, byte[] target, int length) {
        Arrays.fill(target, 0, length, (byte) 'A');
        overlay(BODY_START, 0, from, target, length);
        overlay(BODY_END, bodyLength - BODY_END.length, from, target, length);
    }

    private static void overlay(byte[] text, int at, int from, byte[] target, int length) {
        for (int i = Math.max(at, from); i < Math.min(at + text.length, from + length); i++) {
            target[i - from] = text[i - at];
        }
    }
}
