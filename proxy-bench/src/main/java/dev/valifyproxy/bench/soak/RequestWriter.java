package dev.valifyproxy.bench.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;

/** Writes requests piece by piece. One thread. */
final class RequestWriter {

    private static final int PIECE = 32 * 1024;
    private static final int SLOW_PIECES = 16;

    private final byte[] piece = new byte[PIECE];

    void head(Wire wire, Request request) throws IOException {
        text(wire, request.head());
    }

    /**
     * Sends so much of the body, unless an answer comes first: whoever sends on may lose it (RFC 9112 §9.6).
     *
     * @param pauseNanos before each piece; if not 0, the body is sent in a few small ones
     */
    void body(Wire wire, Request request, int length, long pauseNanos) throws IOException {
        int size = pauseNanos == 0 ? PIECE : Math.min(PIECE, Math.max(1, request.bodyLength() / SLOW_PIECES));
        for (int from = 0; from < length; from += size) {
            Pace.pause(pauseNanos);
            if (from > 0 && wire.isAnswered()) {
                return;
            }
            int part = Math.min(size, length - from);
            request.body(from, piece, part);
            part(wire, request, part);
        }
        if (request.chunked() && length == request.bodyLength()) {
            text(wire, "0\r\n\r\n");
        }
    }

    private void part(Wire wire, Request request, int length) throws IOException {
        if (request.chunked()) {
            text(wire, Integer.toHexString(length) + "\r\n");
        }
        wire.send(piece, length);
        if (request.chunked()) {
            text(wire, "\r\n");
        }
    }

    void text(Wire wire, String text) throws IOException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        wire.send(bytes, bytes.length);
    }
}
