package dev.valifyproxy.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Damage of the kinds that make two parsers disagree, done to a valid stream where it hurts. */
final class Mutations {

    private static final List<String> LINE_ENDS =
            List.of("\n", "\r", "\r\r\n", "\n\r", "\r\n ", "\r\n\t", "\r\n\r\n", "", " \r\n");
    private static final List<String> ODD = List.of(
            "\u0000", "\u000b", "\u000c", "\r", "\n", " ", "\t", "\u0080", "\u00ff", ":", ",", ";", "\"", "\u007f",
            "\u0001", "#");
    private static final List<String> LINES = List.of(
            "Transfer-Encoding: chunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding:\u000bchunked",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked,",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding x: chunked",
            " Transfer-Encoding: chunked",
            "Content-Length: 3",
            "Content-Length: 0",
            "Content-Length: 3, 3",
            "Content-Length: +3",
            "Content-Length: -0",
            "Content-Length: 0x3",
            "Content-Length: 3 3",
            "Content-Length:",
            "Content-Length : 3",
            "Content-Length: 99999999999999999999",
            "Content-Length",
            "Connection: content-length, host, transfer-encoding",
            "Host: b",
            "Host:",
            "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2",
            "Sec-WebSocket-Origin: x\r\nSec-WebSocket-Location: y",
            ": x",
            "X",
            "X-Y Z: 1",
            "X: " + "y".repeat(600));
    private static final List<String> SIZES = List.of(
            "0",
            "00",
            "1",
            "+1",
            "-1",
            "0x1",
            "1 ",
            " 1",
            "1,1",
            "7fffffff",
            "80000000",
            "ffffffffffffffff",
            "fffffffff",
            "g",
            "");
    private static final List<String> WORDS = List.of(
            "HTTP/1.0",
            "HTTP/1.1",
            "HTTP/2.0",
            "HTTP/0.9",
            "HTTP/1.9",
            "http/1.1",
            "HTTP/1.10",
            "GET",
            "CONNECT",
            "101",
            "99",
            "0200",
            "+200",
            "204",
            "304",
            "100",
            "600");

    private static final Pattern SIZE = Pattern.compile("(?m)(?<=^|: )[0-9a-fA-F]+(?=[\\r;])");
    private static final Pattern WORD = Pattern.compile("HTTP/1\\.[01]|(?<=1\\.[01] )[0-9]{3}|\\b[A-Z]{3,7}(?= )");
    private static final Pattern LINE_END = Pattern.compile("\\r\\n");
    private static final Pattern COLON = Pattern.compile(":");

    private final SplittableRandom random;
    private final Streams pick;

    Mutations(SplittableRandom random) {
        this.random = random;
        this.pick = new Streams(random);
    }

    byte[] of(byte[] stream) {
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(3); i >= 0; i--) {
            text = once(text);
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String once(String text) {
        return switch (random.nextInt(10)) {
            case 0 -> replace(text, LINE_END, pick.oneOf(LINE_ENDS));
            case 1 -> replace(text, SIZE, pick.oneOf(SIZES));
            case 2 -> replace(text, WORD, pick.oneOf(WORDS));
            case 3 -> replace(text, COLON, pick.oneOf(List.of(" :", ": ", "::", "", ":\u000b", "\t:")));
            case 4, 5 -> replace(text, LINE_END, "\r\n" + pick.oneOf(LINES) + "\r\n");
            case 6 -> insert(text, pick.oneOf(ODD));
            case 7 -> withoutOne(text);
            case 8 -> twice(text);
            default -> text.substring(0, random.nextInt(text.length() + 1));
        };
    }

    private String replace(String text, Pattern where, String by) {
        List<int[]> places = new ArrayList<>();
        for (Matcher matcher = where.matcher(text); matcher.find(); ) {
            places.add(new int[] {matcher.start(), matcher.end()});
        }
        if (places.isEmpty()) {
            return text;
        }
        int[] place = pick.oneOf(places);
        return text.substring(0, place[0]) + by + text.substring(place[1]);
    }

    private String insert(String text, String what) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + what + text.substring(at);
    }

    private String withoutOne(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int at = random.nextInt(text.length());
        return text.substring(0, at) + text.substring(at + 1);
    }

    /** One line, at another line's place. */
    private String twice(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("(?<=\\n)", -1)));
        lines.add(random.nextInt(lines.size()), pick.oneOf(lines));
        return String.join("", lines);
    }
}
