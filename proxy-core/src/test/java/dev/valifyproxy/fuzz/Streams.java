package dev.valifyproxy.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Valid streams of either side, made of a seed. */
final class Streams {

    private static final List<String> METHODS =
            List.of("GET", "POST", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "M-X");
    private static final List<String> TARGETS = List.of(
            "/",
            "/api/v1.5/ocr/",
            "/a/../b//c",
            "/?q=1&r=%20",
            "/x?y=http://z/",
            "http://a/",
            "https://a:8443/p?q",
            "http://[::1]",
            "HTTP://a?b");
    private static final List<String> FIELDS = List.of(
            "Accept: */*",
            "X-Empty:",
            "x-tabs:\t a\tb \t",
            "X-Latin: caf\u00e9",
            "Cookie: a=b; c=d",
            "Cookie: e=f",
            "Expect: 100-continue",
            "TE: trailers",
            "Connection: keep-alive, X-Empty",
            "Connection: close",
            "Keep-Alive: timeout=5",
            "Upgrade: h2c",
            "Sec-WebSocket-Key1: 1",
            "Sec-WebSocket-Key2: 2",
            "hmac: 0a1b",
            "Trailer: X-T",
            "Date: Tue, 15 Nov 1994 08:12:31 GMT",
            "Set-Cookie: a=b");
    private static final List<String> STATUSES = List.of(
            "200 OK", "200 OK", "201 Created", "403 ", "404 Nicht da", "500 x", "204 No Content", "304 ", "205 R");
    private static final List<String> INTERIMS = List.of("100 Continue", "103 Early Hints", "199 x");
    private static final List<String> EXTENSIONS = List.of("", "", "", ";a", ";a=b", " ; a = \"q;\\\"\"", ";a;b=c");

    private final SplittableRandom random;

    Streams(SplittableRandom random) {
        this.random = random;
    }

    <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    byte[] requests() {
        StringBuilder stream = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            stream.append("\r\n".repeat(random.nextInt(8) / 7));
            request(stream);
        }
        return latin1(stream);
    }

    private void request(StringBuilder stream) {
        boolean http10 = random.nextInt(8) == 0;
        String method = oneOf(METHODS);
        String target = method.equals("OPTIONS") && random.nextBoolean() ? "*" : oneOf(TARGETS);
        stream.append(method).append(' ').append(target).append(http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        fields(stream);
        stream.append("Host: a").append(random.nextBoolean() ? ":80" : "").append("\r\n");
        fields(stream);
        body(stream, !http10, random.nextInt(3) == 0);
    }

    byte[] answer(boolean toHead) {
        StringBuilder stream = new StringBuilder();
        for (int i = random.nextInt(4); i > 2; i--) {
            stream.append("HTTP/1.1 ").append(oneOf(INTERIMS)).append("\r\n");
            fields(stream);
            stream.append("\r\n");
        }
        boolean http10 = random.nextInt(8) == 0;
        String status = oneOf(STATUSES);
        stream.append(http10 ? "HTTP/1.0 " : "HTTP/1.1 ").append(status).append("\r\n");
        fields(stream);
        boolean bare = toHead || status.startsWith("204") || status.startsWith("304");
        body(stream, !http10, bare);
        if (!bare && !framed && random.nextBoolean()) {
            stream.append("until the end");
        }
        return latin1(stream);
    }

    private boolean framed;

    private void fields(StringBuilder stream) {
        for (int i = random.nextInt(4); i > 0; i--) {
            stream.append(oneOf(FIELDS)).append("\r\n");
        }
    }

    private void body(StringBuilder stream, boolean mayChunk, boolean bare) {
        framed = false;
        if (bare) {
            stream.append("\r\n");
        } else if (mayChunk && random.nextBoolean()) {
            framed = true;
            stream.append(
                    random.nextBoolean() ? "Transfer-Encoding: chunked\r\n\r\n" : "transfer-encoding:CHUNKED\r\n\r\n");
            chunks(stream);
        } else if (random.nextInt(4) > 0) {
            framed = true;
            String body = data();
            String zeros = "0".repeat(random.nextInt(8) / 7);
            stream.append("Content-Length: ")
                    .append(zeros)
                    .append(body.length())
                    .append("\r\n\r\n")
                    .append(body);
        } else {
            stream.append("\r\n");
        }
    }

    private void chunks(StringBuilder stream) {
        for (int i = random.nextInt(4); i > 0; i--) {
            String data = data() + "x";
            String size = Integer.toHexString(data.length());
            stream.append(random.nextBoolean() ? size : "0" + size.toUpperCase(java.util.Locale.ROOT));
            stream.append(oneOf(EXTENSIONS)).append("\r\n").append(data).append("\r\n");
        }
        stream.append("0").append(oneOf(EXTENSIONS)).append("\r\n");
        if (random.nextInt(3) == 0) {
            stream.append("X-T: 1\r\nHost: b\r\n");
        }
        stream.append("\r\n");
    }

    /** A body, which may look like anything. */
    private String data() {
        return switch (random.nextInt(6)) {
            case 0 -> "";
            case 1 -> "0\r\n\r\n";
            case 2 -> "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
            case 3 -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            case 4 -> "\u0000\u00ff\r\n\n";
            default -> "{\"a\":1}".repeat(random.nextInt(20));
        };
    }

    private static byte[] latin1(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
