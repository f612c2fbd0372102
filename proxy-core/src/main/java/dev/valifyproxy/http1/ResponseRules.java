package dev.valifyproxy.http1;

import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.ProxyError;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an answer's head must meet before it is relayed, beyond what the codec refuses. Pure; the first broken rule answers. */
enum ResponseRules {
    VERSION("The upstream answered with an HTTP version other than 1.x.", ResponseRules::isHttp1),
    STATUS("The upstream's status is none of HTTP's.", ResponseRules::isStatus),
    /** RFC 9110 §15.2.2: nobody asked for another protocol, since {@code Upgrade} is not forwarded. */
    SWITCH("The upstream switched protocols unasked.", head -> head.status().code() != 101),
    /** RFC 9112 §6.3: another coding ends with the connection, by which nobody can tell a whole answer from half of one. */
    TRANSFER_CODING("The upstream's answer has a transfer coding other than chunked.", ResponseRules::isCodingKnown),
    FRAMING("The upstream's answer does not say beyond doubt how long it is.", ResponseRules::isFramedOnce);

    private static final List<ResponseRules> ALL = List.of(values());

    private final Failure failure;
    private final Predicate<HttpResponse> holds;

    ResponseRules(String text, Predicate<HttpResponse> holds) {
        this.failure = Failure.of(ProxyError.UPSTREAM_MALFORMED, text);
        this.holds = holds;
    }

    /** What the first rule that a head breaks has to say, or null if it keeps them all. */
    static @Nullable Failure firstBroken(HttpResponse head) {
        for (int i = 0; i < ALL.size(); i++) {
            ResponseRules rule = ALL.get(i);
            if (!rule.holds.test(head)) {
                return rule.failure;
            }
        }
        return null;
    }

    private static boolean isHttp1(HttpResponse head) {
        return head.protocolVersion().majorVersion() == 1;
    }

    private static boolean isStatus(HttpResponse head) {
        return head.status().code() >= 100 && head.status().code() <= 599;
    }

    private static boolean isCodingKnown(HttpResponse head) {
        return BodyLength.isPlainOrChunked(head.headers())
                && (head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                        || !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING));
    }

    private static boolean isFramedOnce(HttpResponse head) {
        return BodyLength.of(head, false) != BodyLength.AMBIGUOUS;
    }
}
