package dev.valifyproxy.injection;

import dev.valifyproxy.http.PathPrefixes;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * Tells an answer that refuses the token from all others. Most are told by their status alone; of the rest the body is looked at.
 * Immutable; any thread.
 */
public final class RejectionRules {

    /** Bytes of an answer's body that are looked at; the refusals known have 70. */
    static final int MAX_PEEK = 4 * 1024;

    private final List<RejectionRule> rules;
    private final BitSet statuses = new BitSet();
    private final PathPrefixes never;

    /** Judges by these settings. */
    public RejectionRules(RejectionSettings settings) {
        rules = List.copyOf(settings.rules());
        rules.forEach(rule -> rule.statuses().forEach(statuses::set));
        never = new PathPrefixes(settings.never());
    }

    /** Whether an answer with this head to this request may be a refusal of the token, its body still unknown. */
    boolean mayReject(HttpRequest request, HttpResponse answer) {
        return statuses.get(answer.status().code())
                && !request.method().equals(HttpMethod.HEAD)
                && never.longestOf(request.uri()) < 0;
    }

    /** Whether this answer, its body complete and as it was received, refuses the token. */
    boolean isRejection(HttpResponse answer, ByteBuf body) {
        String text = DecodedBody.text(answer.headers().get(HttpHeaderNames.CONTENT_ENCODING), body);
        if (RejectionRule.blamesBundleKey(text)) {
            return false;
        }
        int status = answer.status().code();
        List<String> errors = challengeErrors(answer);
        return rules.stream().anyMatch(rule -> rule.matches(status, text, errors));
    }

    private static List<String> challengeErrors(HttpResponse answer) {
        return answer.headers().getAll(HttpHeaderNames.WWW_AUTHENTICATE).stream()
                .map(BearerChallenge::error)
                .filter(Objects::nonNull)
                .toList();
    }
}
