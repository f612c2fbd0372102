package dev.valifyproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valifyproxy.testing.Chunks;
import dev.valifyproxy.testing.Fixture;
import dev.valifyproxy.testing.RawClient;
import dev.valifyproxy.testing.RawClient.Response;
import dev.valifyproxy.testing.ScriptedUpstream.Connection;
import dev.valifyproxy.testing.ScriptedUpstream.Received;
import dev.valifyproxy.testing.WireCase;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The specification of both sides of the wire, in {@code src/test/resources/wire}: bytes in, what arrives upstream, what the client gets.
 * One proxy serves all cases, so that what one leaves behind on a kept connection is another's failure.
 */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("calls")
class WireCasesTest {

    private static final String POISON = "GET /poison HTTP/1.1\r\nHost: p\r\n\r\n";
    private static final Pattern OWN_DATE = Pattern.compile("\r\ndate: [A-Z][^\r]* GMT\r\n");
    private static final Pattern TOKEN = Pattern.compile("\r\nauthorization: Bearer token-\\d+\r\n");
    private static final String PROBE = "GET /probe HTTP/1.1\r\nHost: p\r\n\r\n";

    /** How bytes are cut into writes. */
    private enum Pieces {
        WHOLE,
        BYTES,
        RANDOM;

        List<String> cut(String bytes) {
            Random random = new Random(bytes.hashCode());
            List<String> pieces = new ArrayList<>();
            for (int from = 0; from < bytes.length(); ) {
                int length = switch (this) {
                    case WHOLE -> bytes.length();
                    case BYTES -> bytes.length() > 2_000 ? 97 : 1;
                    case RANDOM -> 1 + random.nextInt(40);
                };
                int to = Math.min(bytes.length(), from + length);
                pieces.add(bytes.substring(from, to));
                from = to;
            }
            return pieces;
        }
    }

    private Fixture fixture;
    private String host;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private volatile WireCase current;
    private volatile Pieces pieces;

    @BeforeAll
    void start() throws IOException {
        fixture = new Fixture(config -> {
            config.maxRequestLine = 1_000;
            config.maxHead = 4_000;
            config.maxHeaders = 20;
            config.maxRequestBody = 1_000;
        });
        host = "127.0.0.1:" + fixture.upstream.port();
        fixture.upstream.script(this::serve);
    }

    @AfterAll
    void stop() throws IOException {
        fixture.close();
    }

    // ---- the upstream

    private void serve(Connection connection) throws IOException {
        connections.add(connection);
        try {
            while (serveNext(connection)) {
                // Until a case ends it, or the proxy.
            }
        } finally {
            connections.remove(connection);
        }
    }

    private boolean serveNext(Connection connection) throws IOException {
        Received head = connection.readHeadOnly();
        boolean isProbe = head.requestLine().startsWith("GET /probe ");
        if (!isProbe && current.notes("the upstream answers the head")) {
            connection.send(current.answer(host));
            connection.readToEnd();
            return false;
        }
        connection.readBody(head);
        String whole = Chunks.joined(connection.takeRead());
        if (!isProbe) {
            arrived.add(whole);
        }
        return answer(connection, head, isProbe);
    }

    private boolean answer(Connection connection, Received head, boolean isProbe) throws IOException {
        WireCase now = current;
        if (isProbe || (now.answer(host).isEmpty() && !endsConnection(now))) {
            connection.send(echo(head.requestLine()));
            return true;
        }
        for (String piece :
                now.notes("the answer comes in one piece") ? List.of(now.answer(host)) : pieces.cut(now.answer(host))) {
            connection.send(piece);
        }
        if (now.notes("the upstream resets the connection")) {
            connection.reset();
        }
        return !endsConnection(now);
    }

    private static boolean endsConnection(WireCase wire) {
        return wire.notes("the upstream ends the connection") || wire.notes("the upstream resets the connection");
    }

    private static String echo(String requestLine) {
        String body = requestLine.substring(0, requestLine.lastIndexOf(' '));
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + (body.startsWith("HEAD ") ? "" : body);
    }

    // ---- the client

    static Stream<Arguments> cases() {
        return WireCase.all().flatMap(wire -> Stream.of(Pieces.values()).map(pieces -> Arguments.of(wire, pieces)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cases")
    void holds(WireCase wire, Pieces cut) throws IOException {
        arrived.clear();
        current = wire;
        pieces = cut;
        try (RawClient client = fixture.client()) {
            assertAnswered(wire, send(client, wire), client);
        }
        try (RawClient other = fixture.client()) {
            probe(other);
        }
        assertArrived(wire);
    }

    private List<Integer> send(RawClient client, WireCase wire) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        List<String> sent = wire.sent();
        for (int i = 0; i < sent.size(); i++) {
            if (i > 0) {
                statuses.add(client.readHeadOnly().status());
            }
            for (String piece : pieces.cut(sent.get(i))) {
                client.send(piece);
            }
        }
        if (wire.notes("the client ends its side")) {
            client.shutOutput();
        } else if (wire.ends("close") && !wire.notes("the upstream answers the head")) {
            client.send(POISON);
        }
        return statuses;
    }

    private void assertAnswered(WireCase wire, List<Integer> statuses, RawClient client) throws IOException {
        String lastText = "";
        while (statuses.size() < wire.statuses().size()) {
            Response answer = wire.ends("cut") || wire.ends("reset")
                    ? client.readHeadOnly()
                    : read(client, wire, wire.statuses().get(statuses.size()));
            statuses.add(answer.status());
            lastText = answer.text();
        }
        if (wire.ends("reset")) {
            assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
        } else if (!wire.ends("open")) {
            client.readToEnd();
        }
        String received = client.takeRead();
        assertThat(statuses).describedAs(received).isEqualTo(wire.statuses());
        if (!wire.code().isEmpty()) {
            assertThat(lastText).contains("\"proxy_error\":\"" + wire.code() + "\"");
            assertThat(received.contains("\r\nconnection: close\r\n")).isEqualTo(wire.ends("close"));
            assertThat(received).contains("\r\nproxy-status: valify-proxy; error=", "\r\ncache-control: no-store\r\n");
            assertThat(lastText).contains("\"performed\":\"" + (wire.code().startsWith("upstream") ? "unknown" : ""));
        }
        if (!wire.received(host).isEmpty()) {
            assertThat(OWN_DATE.matcher(Chunks.joined(received)).replaceAll("\r\ndate: {date}\r\n"))
                    .isEqualTo(wire.received(host));
        }
        if (wire.ends("open")) {
            probe(client);
        }
    }

    private static Response read(RawClient client, WireCase wire, int next) throws IOException {
        boolean bodiless =
                next < 200 || next == 204 || next == 304 || wire.sent().get(0).startsWith("HEAD ");
        return bodiless ? client.readHeadOnly() : client.read();
    }

    private static void probe(RawClient client) throws IOException {
        assertThat(client.send(PROBE).read().text()).isEqualTo("GET /probe");
    }

    private void assertArrived(WireCase wire) {
        if (wire.notes("a part may arrive upstream") || wire.notes("the upstream answers the head")) {
            Fixture.await(
                    "a connection with half a request has ended",
                    () -> unfinished().isEmpty());
        }
        assertThat(unfinished()).isEmpty();
        assertThat(TOKEN.matcher(String.join("", arrived)).replaceAll("\r\nauthorization: {token}\r\n"))
                .isEqualTo(wire.arriving(host));
    }

    private String unfinished() {
        return connections.stream().map(Connection::peekRead).collect(Collectors.joining());
    }

    @Test
    void there_are_enough_cases_and_each_has_a_name_and_a_rule_of_its_own() {
        List<WireCase> all = WireCase.all().toList();
        assertThat(all).hasSizeGreaterThanOrEqualTo(250).doesNotHaveDuplicates();
        assertThat(all.stream().map(WireCase::toString)).doesNotHaveDuplicates();
        assertThat(all).allSatisfy(wire -> {
            assertThat(wire.section()).isNotEmpty();
            assertThat(wire.statuses().isEmpty()).isEqualTo(wire.notes("the client ends its side"));
        });
    }
}
