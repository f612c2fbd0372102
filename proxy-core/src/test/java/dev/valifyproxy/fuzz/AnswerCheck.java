package dev.valifyproxy.fuzz;

import static dev.valifyproxy.fuzz.RequestCheck.require;

import dev.valifyproxy.testing.Leniency;
import dev.valifyproxy.testing.StrictHttp;
import dev.valifyproxy.testing.StrictHttp.Field;
import dev.valifyproxy.testing.StrictHttp.Framing;
import dev.valifyproxy.testing.StrictHttp.Message;
import dev.valifyproxy.testing.StrictHttp.Parsed;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What must hold of any bytes with which an upstream answers. */
final class AnswerCheck {

    private static final Set<Leniency> LENIENT = EnumSet.of(
            Leniency.STATUS_LINE_WITHOUT_LAST_SPACE,
            Leniency.SPACE_BEFORE_AN_ANSWERS_COLON,
            Leniency.CHUNK_EXTENSION_SYNTAX);

    private static final Set<String> OF_THE_CONNECTION = Set.of("connection", "transfer-encoding", "content-length");

    private AnswerCheck() {}

    /** Relays an answer read whole, and in pieces, and says what is wrong with that by an {@link AssertionError}. */
    static AnswerRun.Outcome check(byte[] stream, AnswerRun.Asked asked, long seed) {
        AnswerRun.Outcome whole = AnswerRun.of(Pieces.whole(stream), asked);
        AnswerRun.Outcome pieces = AnswerRun.of(Pieces.cut(stream, seed), asked);
        Parsed upstream = StrictHttp.answer(stream, asked.head(), !asked.reset(), LENIENT);
        requireSame(client(whole, asked), client(pieces, asked));
        compare(upstream, whole, asked);
        compare(upstream, pieces, asked);
        return whole;
    }

    static Parsed client(AnswerRun.Outcome run, AnswerRun.Asked asked) {
        return StrictHttp.answer(run.client(), asked.head(), run.closed(), Set.of());
    }

    static boolean isOurs(Parsed client) {
        Message last = last(client);
        return last != null && !last.values(AnswerRun.OURS).isEmpty();
    }

    private static Message last(Parsed parsed) {
        if (parsed.messages().isEmpty()) {
            return null;
        }
        Message last = parsed.messages().get(parsed.messages().size() - 1);
        return last.status() < 200 ? null : last;
    }

    /** What comes complete is the same however it arrives; but where it breaks, only in pieces may some of it be out already. */
    private static void requireSame(Parsed whole, Parsed pieces) {
        boolean broken = last(whole) == null || last(pieces) == null || isOurs(whole) || isOurs(pieces);
        require(broken || undated(whole).equals(undated(pieces)), "relayed whole, and in pieces", whole, pieces);
        require(
                !broken || last(whole) == null || last(pieces) == null || isOurs(whole) == isOurs(pieces),
                "relayed whole, and in pieces",
                whole,
                pieces);
    }

    /** The second may have changed between two runs. */
    private static List<Message> undated(Parsed parsed) {
        return parsed.messages().stream()
                .map(message -> new Message(
                        message.start(),
                        message.minor(),
                        message.fields().stream()
                                .filter(field -> !field.is("date"))
                                .toList(),
                        message.framing(),
                        message.body(),
                        message.trailers()))
                .toList();
    }

    private static void compare(Parsed upstream, AnswerRun.Outcome run, AnswerRun.Asked asked) {
        Parsed client = client(run, asked);
        Message sent =
                last(upstream) == null && isReset(upstream.unfinished()) ? upstream.unfinished() : last(upstream);
        Message got = last(client);
        require(client.refusal() == null && client.rest() == unfinished(client), "malformed for the client", client);
        require(got != null || run.brokenOff(), "half an answer that looks whole", client);
        require(
                !run.reusable() || isReusable(upstream, last(upstream)),
                "a connection would be used again behind this",
                upstream);
        if (got == null) {
            require(
                    client.unfinished() == null || isBeginning(client.unfinished(), upstream),
                    "broken off, but not a beginning",
                    client,
                    upstream);
        } else if (!isOurs(client)) {
            require(sent != null, "relayed, though it should be refused", upstream, client);
            requireRelayed(sent, got, asked);
            requireInterims(upstream, client, asked);
        }
    }

    private static int unfinished(Parsed client) {
        return last(client) == null ? client.rest() : 0;
    }

    private static boolean isReusable(Parsed upstream, Message sent) {
        return sent != null && upstream.rest() == 0 && sent.keepsAlive() && sent.framing() != Framing.CLOSE;
    }

    private static boolean isBeginning(Message client, Parsed upstream) {
        Message sent = last(upstream) == null ? upstream.unfinished() : last(upstream);
        return sent != null && start(sent).equals(start(client)) && sent.body().startsWith(client.body());
    }

    private static void requireRelayed(Message answer, Message got, AnswerRun.Asked asked) {
        Message sent = isReset(answer) && !asked.head() ? withoutContent(answer) : answer;
        require(start(sent).equals(start(got)), "became another", sent, got);
        require(sent.body().equals(got.body()), "a body became another", sent, got);
        require(fields(sent, sent).equals(fields(got, sent)), "fields became others", sent, got);
        require(got.framing() == expected(sent, asked), "framed as something else", sent, got);
        if (sent.framing() == Framing.LENGTH && !isReset(sent)) {
            require(sent.values("content-length").equals(got.values("content-length")), "another length", sent, got);
        }
        List<Field> trailers = got.framing() == Framing.CHUNKED ? Runs.passedOnTrailers(sent.trailers()) : List.of();
        require(trailers.equals(got.trailers()), "trailers became others", sent, got);
    }

    private static boolean isReset(Message answer) {
        return answer != null && answer.status() == 205;
    }

    /** A 205 must have none (RFC 9110 §15.3.6), and loses what it has. */
    private static Message withoutContent(Message answer) {
        return new Message(answer.start(), answer.minor(), answer.fields(), Framing.LENGTH, "", List.of());
    }

    private static Framing expected(Message sent, AnswerRun.Asked asked) {
        if (sent.framing() == Framing.NONE || sent.framing() == Framing.LENGTH) {
            return sent.framing();
        }
        return asked.http10() ? Framing.CLOSE : Framing.CHUNKED;
    }

    /** White space around a reason means nothing. */
    private static List<String> start(Message answer) {
        return List.of(answer.start().get(0), answer.start().get(1).strip());
    }

    /** Without framing, and without a {@code Date} of ours. */
    private static List<Field> fields(Message message, Message sent) {
        boolean ownDate = sent.values("date").isEmpty();
        return Runs.passedOn(message.fields()).stream()
                .filter(field -> OF_THE_CONNECTION.stream().noneMatch(field::is) && !(ownDate && field.is("date")))
                .toList();
    }

    private static void requireInterims(Parsed upstream, Parsed client, AnswerRun.Asked asked) {
        List<Message> got = client.messages().subList(0, client.messages().size() - 1);
        List<Message> sent = upstream.messages().stream()
                .filter(message -> message.status() < 200)
                .toList();
        require(got.size() == (asked.http10() ? 0 : sent.size()), "interim answers became others", sent, got);
        for (int i = 0; i < got.size(); i++) {
            require(start(sent.get(i)).equals(start(got.get(i))), "became another", sent.get(i), got.get(i));
            require(
                    fields(sent.get(i), got.get(i)).equals(fields(got.get(i), got.get(i))),
                    "fields became others",
                    sent.get(i),
                    got.get(i));
        }
    }
}
