package dev.valifyproxy.fuzz;

import dev.valifyproxy.http1.Http1Settings;
import dev.valifyproxy.testing.StrictHttp.Field;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the runs of both sides share. */
final class Runs {

    /** Small enough that a short stream can pass each bound. */
    static final Http1Settings SETTINGS = new Http1Settings(
            256, 1_024, 32, Duration.ofSeconds(10), Duration.ofSeconds(10), 0, Duration.ofSeconds(10));

    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "upgrade",
            "proxy-authorization",
            "proxy-authenticate");

    private static final Set<String> NEVER_NOMINATED = Set.of(
            "authorization", "host", "content-length", "transfer-encoding", "content-type", "content-encoding", "date");

    private static final Set<String> NO_TRAILERS = Set.of(
            "authorization",
            "host",
            "content-length",
            "transfer-encoding",
            "content-type",
            "content-encoding",
            "date",
            "cookie",
            "set-cookie",
            "trailer");

    private Runs() {}

    /** A stream as a failed test shows it. */
    static String readable(byte[] stream) {
        StringBuilder text = new StringBuilder();
        for (byte b : stream) {
            switch (b) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n\n");
                default -> text.append(b < ' ' || b == 0x7f ? "\\x%02x".formatted(b) : String.valueOf((char) b));
            }
        }
        return text.toString();
    }

    static HttpResponse answer(HttpResponseStatus status) {
        HttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        return answer;
    }

    /** What is passed on of a head's fields (RFC 9110 §7.6.1), told independently of the main code. */
    static List<Field> passedOn(List<Field> fields) {
        Set<String> dropped = nominated(fields);
        dropped.removeAll(NEVER_NOMINATED);
        dropped.addAll(HOP_BY_HOP);
        return fields.stream()
                .filter(field -> !dropped.contains(lower(field.name())))
                .toList();
    }

    static List<Field> passedOnTrailers(List<Field> trailers) {
        return passedOn(trailers).stream()
                .filter(field -> !NO_TRAILERS.contains(lower(field.name())))
                .toList();
    }

    private static Set<String> nominated(List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (field.is("connection")) {
                for (String name : field.value().split(",", -1)) {
                    names.add(lower(name.strip()));
                }
            }
        }
        return names;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
