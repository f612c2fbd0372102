package dev.valifyproxy.testing;

import dev.valifyproxy.testing.ScriptedUpstream.Connection;
import java.io.IOException;

/** What can go wrong between the proxy and its upstream, and what the client is to be told of a POST that meets it. */
public enum Fault {
    REFUSED(Told.not("connection_refused"), null),
    BLACK_HOLED(Told.not("connection_timeout"), null),
    TLS_ALERT(Told.not("tls_alert_received"), (connection, fixture) -> {
        connection.readExactly(5);
        connection.send(new byte[] {21, 3, 3, 0, 2, 2, 40}); // fatal, handshake_failure (RFC 8446 §6)
        connection.readToEnd();
    }),
    TLS_SILENCE(Told.not("connection_timeout"), (connection, fixture) -> connection.readToEnd()),
    TLS_CLOSED(Told.not("connection_refused"), (connection, fixture) -> connection.readExactly(5)),
    RESET_AT_ONCE(Told.RESET, (connection, fixture) -> connection.reset()),
    RESET_WITHIN_REQUEST_HEAD(Told.RESET, (connection, fixture) -> {
        connection.readExactly(10);
        connection.reset();
    }),
    RESET_AFTER_REQUEST_HEAD(Told.RESET, (connection, fixture) -> {
        connection.readHeadOnly();
        connection.reset();
    }),
    RESET_WITHIN_REQUEST_BODY(Told.RESET, (connection, fixture) -> {
        connection.readHeadOnly();
        connection.readExactly(100_000);
        connection.reset();
    }),
    STALL_WITHIN_REQUEST_BODY(Told.SILENT, (connection, fixture) -> {
        connection.readHeadOnly();
        fixture.awaitEnd();
    }),
    RESET_BEFORE_ANSWER(Told.RESET, (connection, fixture) -> {
        connection.readRequest();
        connection.reset();
    }),
    CLOSED_BEFORE_ANSWER(Told.RESET, (connection, fixture) -> connection.readRequest()),
    HALF_CLOSED_BEFORE_ANSWER(Told.RESET, (connection, fixture) -> {
        connection.readRequest();
        connection.shutOutput();
        connection.readToEnd();
    }),
    STALL_BEFORE_ANSWER(Told.SILENT, (connection, fixture) -> {
        connection.readRequest();
        connection.readToEnd();
    }),
    RESET_WITHIN_ANSWER_HEAD(Told.RESET, (connection, fixture) -> {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Le");
        connection.reset();
    }),
    STALL_WITHIN_ANSWER_HEAD(Told.SILENT, (connection, fixture) -> {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Le");
        connection.readToEnd();
    }),
    RESET_AFTER_ANSWER_HEAD(Told.CUT, (connection, fixture) -> {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        fixture.awaitHeadReceived();
        connection.reset();
    }),
    RESET_WITHIN_ANSWER_BODY(Told.CUT, (connection, fixture) -> {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        fixture.awaitHeadReceived();
        connection.reset();
    }),
    CLOSED_WITHIN_ANSWER_BODY(Told.CUT, (connection, fixture) -> {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        fixture.awaitHeadReceived();
    }),
    STALL_WITHIN_ANSWER_BODY(Told.CUT, (connection, fixture) -> {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        connection.readToEnd();
    }),
    /** Not the upstream's doing: the proxy itself stops, and its patience is over. */
    CUT_OFF_BY_THE_DRAIN(new Told(503, "draining", "proxy_internal_response", "unknown"), (connection, fixture) -> {
        connection.readRequest();
        fixture.drain();
        connection.readToEnd();
    });

    /** What an upstream connection does; the fixture says how far the client is. */
    interface Script {
        void run(Connection connection, FaultFixture fixture) throws IOException, InterruptedException;
    }

    /**
     * What the client gets.
     *
     * @param status of the proxy's answer; 200 where the upstream's had begun, and is broken off
     * @param code its {@code proxy_error}
     * @param type its error in {@code Proxy-Status}
     * @param performed whether the call may have been performed
     */
    public record Told(int status, String code, String type, String performed) {

        static final Told RESET = new Told(502, "upstream_reset", "connection_terminated", "unknown");
        static final Told SILENT = new Told(504, "upstream_timeout", "http_response_timeout", "unknown");
        static final Told CUT = new Told(200, "", "", "unknown");

        static Told not(String type) {
            return new Told(502, "upstream_unreachable", type, "no");
        }
    }

    private final Told told;
    final Script script;

    Fault(Told told, Script script) {
        this.told = told;
        this.script = script;
    }

    public Told told() {
        return told;
    }

    /** Whether it strikes in a TLS handshake. */
    boolean isOfTls() {
        return name().startsWith("TLS");
    }

    /** Whether the upstream is there and is known to fail by a deadline alone. */
    boolean isSilent() {
        return this == TLS_SILENCE || name().startsWith("STALL");
    }

    /** What the call brings, so that the fault can strike where it is to. */
    public byte[] body() {
        return name().endsWith("WITHIN_REQUEST_BODY") ? new byte[8 << 20] : new byte[] {'h', 'e', 'l', 'l', 'o'};
    }

    /** Whether the call's head went upstream. */
    public boolean isSent() {
        return told.performed().equals("unknown");
    }
}
