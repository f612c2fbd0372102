package dev.valifyproxy.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * What is answered to one request, before it takes a form on the wire: framing, {@code Connection}, {@code Date} and
 * compression are added when it is sent. Immutable.
 */
public final class Answer {
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    private Answer(int status, HttpHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** An answer with a body of the given media type, encoded in UTF-8. */
    public static Answer of(int status, String contentType, String body) {
        HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        return new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A JSON answer from its text. */
    public static Answer json(int status, String body) {
        return of(status, "application/json", body);
    }

    static Answer json(int status, JsonNode body) {
        return json(status, body.toString());
    }

    /** This answer with one more header. */
    public Answer with(CharSequence name, String value) {
        return new Answer(status, headers.copy().add(name, value), body);
    }

    int status() {
        return status;
    }

    HttpHeaders headers() {
        return headers;
    }

    /** The body itself, not a copy: large answers are shared between calls. */
    byte[] body() {
        return body;
    }

    @Override
    public String toString() {
        return "Answer[" + status + ", " + body.length + " bytes]";
    }
}
