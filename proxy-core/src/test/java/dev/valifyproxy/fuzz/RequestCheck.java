package dev.valifyproxy.fuzz;

import dev.valifyproxy.testing.Leniency;
import dev.valifyproxy.testing.StrictHttp;
import dev.valifyproxy.testing.StrictHttp.Field;
import dev.valifyproxy.testing.StrictHttp.Framing;
import dev.valifyproxy.testing.StrictHttp.Message;
import dev.valifyproxy.testing.StrictHttp.Parsed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What must hold of any stream that a client sends. */
final class RequestCheck {

    /** What the guard may let through that the grammar forbids. */
    static final Set<Leniency> LENIENT = EnumSet.of(
            Leniency.TARGET_CHARACTERS,
            Leniency.HOST_SYNTAX,
            Leniency.LINE_ENDS_BEFORE_A_REQUEST,
            Leniency.CHUNK_EXTENSION_SYNTAX);

    /** What of that may reach the upstream. */
    private static final Set<Leniency> PASSED_ON = EnumSet.of(Leniency.TARGET_CHARACTERS);

    private RequestCheck() {}

    /** Runs a stream whole, and in pieces whose seed this is, and says what is wrong with that by an {@link AssertionError}. */
    static RequestRun.Outcome check(byte[] stream, long seed) {
        RequestRun.Outcome whole = RequestRun.of(Pieces.whole(stream), false);
        requireSame(whole, RequestRun.of(Pieces.cut(stream, seed), (seed & 2) != 0));
        compare(StrictHttp.requests(stream, LENIENT), whole);
        return whole;
    }

    /** Nothing depends on how a stream arrives. */
    private static void requireSame(RequestRun.Outcome whole, RequestRun.Outcome pieces) {
        require(whole.heads() == pieces.heads(), "heads, whole and in pieces", whole.heads(), pieces.heads());
        require(
                whole.complete() == pieces.complete(),
                "ends, whole and in pieces",
                whole.complete(),
                pieces.complete());
        require(whole.refused() == pieces.refused(), "refused, whole and in pieces", whole.refused(), pieces.refused());
        require(whole.closed() == pieces.closed(), "closed, whole and in pieces", whole.closed(), pieces.closed());
        Parsed one = StrictHttp.requests(whole.upstream(), PASSED_ON);
        Parsed other = StrictHttp.requests(pieces.upstream(), PASSED_ON);
        require(one.messages().equals(other.messages()), "sent upstream, whole and in pieces", one, other);
    }

    private static void compare(Parsed client, RequestRun.Outcome run) {
        Parsed upstream = StrictHttp.requests(run.upstream(), PASSED_ON);
        require(upstream.refusal() == null, "malformed on the way out", upstream);
        require(run.heads() <= client.heads(), "a head that the guard should refuse", client.refusal(), upstream);
        require(
                run.complete() <= client.messages().size(),
                "an end that the guard should not see",
                client.refusal(),
                upstream);
        require(upstream.heads() == run.heads(), "heads sent, and seen", run.heads(), upstream);
        require(upstream.messages().size() == run.complete(), "requests sent, and seen", run.complete(), upstream);
        if (!run.refused() && !run.closed() && client.refusal() == null) {
            require(run.complete() == client.messages().size(), "came through as something else", client, upstream);
        }
        for (int i = 0; i < run.complete(); i++) {
            requireEqual(expected(client.messages().get(i)), upstream.messages().get(i));
        }
        if (run.heads() > run.complete()) {
            Message begun = run.complete() < client.messages().size()
                    ? client.messages().get(run.complete())
                    : client.unfinished();
            Message head = upstream.unfinished();
            require(begun.body().startsWith(head.body()), "a body begins as another", begun, head);
            Message bare = expected(begun);
            requireEqual(new Message(bare.start(), 1, bare.fields(), bare.framing(), head.body(), List.of()), head);
        }
    }

    private static Message expected(Message sent) {
        List<Field> fields = new ArrayList<>();
        boolean hasHost = false;
        for (Field field : Runs.passedOn(sent.fields())) {
            hasHost |= field.is("host");
            fields.add(field.is("host") ? new Field(field.name(), RequestRun.HOST) : field);
        }
        if (!hasHost) {
            fields.add(new Field("host", RequestRun.HOST));
        }
        String method = sent.start().get(0);
        List<Field> trailers = sent.framing() == Framing.CHUNKED ? Runs.passedOnTrailers(sent.trailers()) : List.of();
        return new Message(
                List.of(method, originForm(method, sent.start().get(1))),
                1,
                fields,
                sent.framing(),
                sent.body(),
                trailers);
    }

    private static String originForm(String method, String target) {
        if (target.startsWith("/") || target.equals("*")) {
            return target;
        }
        String rest = target.replaceFirst("^[A-Za-z]++://[^/?]++", "");
        if (rest.isEmpty()) {
            return method.equals("OPTIONS") ? "*" : "/";
        }
        return rest.startsWith("?") ? "/" + rest : rest;
    }

    private static void requireEqual(Message expected, Message actual) {
        require(expected.equals(actual), "what the client sent, and the upstream got", expected, actual);
    }

    static void require(boolean holds, String what, Object... of) {
        if (!holds) {
            throw new AssertionError(what + ": " + Arrays.toString(of));
        }
    }
}
