package dev.valifyproxy.http1;

import dev.valifyproxy.http.FieldSyntax;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.ArrayList;
import java.util.List;

/** Where a message's body ends (RFC 9112 §6.3): a length in bytes, or one of the constants here. Pure. */
final class BodyLength {

    /** Its chunks say. */
    static final long CHUNKED = -1;

    /** The connection's end is its end. */
    static final long TO_END = -2;

    /** The message is a head and nothing else, behind which another head follows: an interim answer. */
    static final long INTERIM = -3;

    /** The fields contradict each other or mean nothing; no such message may be passed on. */
    static final long AMBIGUOUS = -4;

    private BodyLength() {}

    static long of(HttpRequest head) {
        return of(head.headers(), 0);
    }

    /** Of an answer, to a HEAD or to something else. */
    static long of(HttpResponse head, boolean toHead) {
        int status = head.status().code();
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            return INTERIM;
        }
        long announced = of(head.headers(), TO_END);
        boolean bodiless = toHead || status == 204 || status == 304;
        return bodiless && announced != AMBIGUOUS ? 0 : announced;
    }

    private static long of(HttpHeaders headers, long otherwise) {
        boolean hasLength = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return !hasLength && isPlainOrChunked(headers) ? CHUNKED : AMBIGUOUS;
        }
        return hasLength ? announced(headers.getAll(HttpHeaderNames.CONTENT_LENGTH)) : otherwise;
    }

    private static long announced(List<String> lengths) {
        return lengths.size() == 1 ? number(lengths.get(0)) : AMBIGUOUS;
    }

    /** Digits and nothing else (RFC 9110 §8.6). */
    private static long number(String digits) {
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9' || number > (Long.MAX_VALUE - 9) / 10) {
                return AMBIGUOUS;
            }
            number = 10 * number + (c - '0');
        }
        return digits.isEmpty() ? AMBIGUOUS : number;
    }

    /** Whether the transfer coding is none, or chunked and nothing else (RFC 9112 §6.1). */
    static boolean isPlainOrChunked(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return true;
        }
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.size() == 1 && isChunked(codings.get(0));
    }

    /** Whether chunked is the last coding, and no other is (RFC 9112 §6.3). */
    static boolean endsChunked(HttpHeaders headers) {
        List<String> codings = new ArrayList<>();
        for (String field : headers.getAll(HttpHeaderNames.TRANSFER_ENCODING)) {
            FieldSyntax.forEachElement(field, coding -> codings.add(coding.toString()));
        }
        int first = 0;
        while (first < codings.size() && !isChunked(codings.get(first))) {
            first++;
        }
        return first == codings.size() - 1;
    }

    private static boolean isChunked(String coding) {
        return HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding);
    }
}
