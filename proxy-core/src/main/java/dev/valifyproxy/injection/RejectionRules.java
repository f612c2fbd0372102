package dev.valifyproxy.injection;

import dev.valifyproxy.http.RequestTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells an answer that refuses the token from all others (Valify's status code page: 403 is the token's fault, 401 is not, unless it is
 * Django REST Framework's own). Immutable; any thread.
 */
public final class RejectionRules {

    /** Bytes of an answer's body that are looked at; the refusals known have 70. */
    static final int MAX_PEEK = 4 * 1024;

    private static final int MAX_DECODED = 16 * 1024;

    /** Without the dash before it, which comes in three spellings. */
    private static final String UNKNOWN_TOKEN = "specified access_token could not be found";

    /** The caller's own key is wrong: no other token would help. */
    private static final String WRONG_BUNDLE_KEY = "your Bundle key is invalid";

    private static final List<String> DJANGO_REFUSALS =
            List.of("Authentication credentials were not provided.", "Invalid token.");

    /** RFC 6750 §3.1. */
    private static final Pattern INVALID_TOKEN =
            Pattern.compile("(?i)\\bBearer\\b.*\\berror\\s*=\\s*\"?invalid_token\\b");

    private final List<String> never;

    /** With the paths that are never judged. */
    public RejectionRules(RejectionSettings settings) {
        this.never = List.copyOf(settings.never());
    }

    /** Whether an answer with this head to this request may be a refusal of the token, its body still unknown. */
    boolean mayReject(HttpRequest request, HttpResponse answer) {
        int status = answer.status().code();
        return (status == 401 || status == 403)
                && !request.method().equals(HttpMethod.HEAD)
                && !isNeverJudged(request.uri());
    }

    private boolean isNeverJudged(String target) {
        String path = target.substring(0, RequestTarget.pathEnd(target));
        for (String prefix : never) {
            if (path.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this answer, its body complete and as it was received, refuses the token. */
    boolean isRejection(HttpResponse answer, ByteBuf body) {
        String text = text(answer.headers().get(HttpHeaderNames.CONTENT_ENCODING), body);
        if (text.contains(WRONG_BUNDLE_KEY)) {
            return false;
        }
        return namesInvalidToken(answer)
                || (answer.status().code() == 403 && text.contains(UNKNOWN_TOKEN))
                || DJANGO_REFUSALS.stream().anyMatch(refusal -> text.contains("\"" + refusal + "\""));
    }

    private static boolean namesInvalidToken(HttpResponse answer) {
        for (String challenge : answer.headers().getAll(HttpHeaderNames.WWW_AUTHENTICATE)) {
            if (INVALID_TOKEN.matcher(challenge).find()) {
                return true;
            }
        }
        return false;
    }

    private static String text(@Nullable String coding, ByteBuf body) {
        byte[] bytes = ByteBufUtil.getBytes(body);
        if (coding == null || coding.equalsIgnoreCase("identity")) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        // A stream does not end an inflater that it was given, and what that holds is not of the heap.
        Inflater inflater = new Inflater(!hasZlibHeader(bytes));
        try (InputStream decoded = decoder(coding, bytes, inflater)) {
            return new String(decoded.readNBytes(MAX_DECODED), StandardCharsets.UTF_8);
        } catch (IOException undecodable) {
            // Not an answer that we can read, so none that we may judge.
            return "";
        } finally {
            inflater.end();
        }
    }

    private static InputStream decoder(String coding, byte[] bytes, Inflater inflater) throws IOException {
        InputStream raw = new ByteArrayInputStream(bytes);
        return switch (coding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> new GZIPInputStream(raw);
            case "deflate" -> new InflaterInputStream(raw, inflater);
            default -> throw new IOException("unknown content coding");
        };
    }

    /** {@code deflate} means zlib (RFC 9110 §8.4.1.2), yet some send it bare. */
    private static boolean hasZlibHeader(byte[] bytes) {
        return bytes.length >= 2 && (bytes[0] & 0x0f) == 8 && ((bytes[0] & 0xff) * 256 + (bytes[1] & 0xff)) % 31 == 0;
    }
}
