package dev.valifyproxy.testing;

import java.util.Locale;

/** Where a chunk ends is each hop's own affair (RFC 9112 §7.1), so what passed a proxy is compared with its chunks joined. */
public final class Chunks {

    private static final String END_OF_HEAD = "\r\n\r\n";

    private Chunks() {}

    /** A message with its interim answers, if any, its body as one chunk; as it is, if it is not chunked or not complete. */
    public static String joined(String message) {
        int start = message.startsWith("HTTP/1.1 1") ? message.indexOf(END_OF_HEAD) + 4 : 0;
        if (start > 0) {
            return message.substring(0, start) + joined(message.substring(start));
        }
        int body = message.indexOf(END_OF_HEAD) + 4;
        if (body < 4
                || !message.substring(0, body)
                        .toLowerCase(Locale.ROOT)
                        .contains("\r\ntransfer-encoding: chunked\r\n")) {
            return message;
        }
        StringBuilder content = new StringBuilder();
        int at = body;
        while (true) {
            int lineEnd = message.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return message;
            }
            int size = Integer.parseInt(message.substring(at, lineEnd), 16);
            at = lineEnd + 2;
            if (size == 0) {
                return message.substring(0, body) + asChunk(content) + "0\r\n" + message.substring(at);
            }
            if (at + size + 2 > message.length()) {
                return message;
            }
            content.append(message, at, at + size);
            at += size + 2;
        }
    }

    private static String asChunk(CharSequence content) {
        return content.length() == 0 ? "" : Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }
}
