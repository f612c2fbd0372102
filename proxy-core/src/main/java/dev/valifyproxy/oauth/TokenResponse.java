package dev.valifyproxy.oauth;

import dev.valifyproxy.http.Placeholder;
import dev.valifyproxy.secret.Secret;
import dev.valifyproxy.token.MintOutcome;
import dev.valifyproxy.token.MintOutcome.Failed;
import dev.valifyproxy.token.MintOutcome.Kind;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint's answer means. Pure.
 *
 * <p>No reason quotes the answer: of its body only an error code that RFC 6749 §5.2 defines, of its head only the status and a
 * redirect's origin.
 */
final class TokenResponse {

    private static final Set<String> ERRORS = Set.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope");

    private final String origin;
    private final Duration defaultLifetime;
    private final Duration maxLifetime;

    TokenResponse(OAuthSettings settings) {
        this.origin = origin(settings.tokenUrl());
        this.defaultLifetime = settings.defaultLifetime();
        this.maxLifetime = settings.maxLifetime();
    }

    /** Reads a whole answer. */
    MintOutcome read(int status, HttpHeaders headers, byte[] body) {
        if (status == 200) {
            return readToken(headers, body);
        }
        Duration retryAfter = status == 429 || status == 503 ? retryAfter(headers) : null;
        if (status == 429 || retryAfter != null) {
            return new Failed(Kind.RATE_LIMITED, answered(status), retryAfter);
        }
        if (status == 400 || status == 401) {
            return readRefusal(status, body);
        }
        if (status / 100 == 3) {
            return Failed.of(Kind.SERVER_ERROR, "the token URL redirects from " + origin + " to " + target(headers));
        }
        return Failed.of(Kind.SERVER_ERROR, answered(status));
    }

    /** An answer of more bytes than any token answer has. */
    MintOutcome tooLarge(int status, int limit) {
        return Failed.of(Kind.MALFORMED, answered(status) + " with more than " + limit + " bytes");
    }

    /** Scheme, host and, if it is not the scheme's own, port: what of a URL may be shown. */
    static String origin(URI url) {
        String port = url.getPort() == -1 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port;
    }

    private MintOutcome readToken(HttpHeaders headers, byte[] body) {
        TokenFields fields = TokenFields.parse(body);
        if (fields == null) {
            return malformed(insteadOfJson(headers, body));
        }
        String token = fields.accessToken();
        if (token == null || !token.chars().allMatch(c -> c > ' ' && c < 0x7F) || token.isEmpty()) {
            return malformed("no usable access_token");
        }
        if (token.startsWith(Placeholder.PREFIX)) {
            return Failed.of(Kind.PROXY_LOOP, "the token URL " + origin + " is a valify-proxy, maybe this one");
        }
        if (fields.tokenType() != null && !fields.tokenType().equalsIgnoreCase("Bearer")) {
            return malformed("a token_type other than Bearer");
        }
        Duration lifetime = lifetime(fields.expiresIn());
        return lifetime == null
                ? malformed("an expires_in that is no positive number")
                : new MintOutcome.Minted(Secret.of(token), lifetime);
    }

    /** How long the token lives; null if what the answer says makes no sense. */
    private @Nullable Duration lifetime(@Nullable Double expiresIn) {
        if (expiresIn == null) {
            return defaultLifetime;
        }
        // NaN fails the first comparison, infinity the second.
        if (!(expiresIn >= 1)) {
            return null;
        }
        return expiresIn < maxLifetime.toSeconds() ? Duration.ofSeconds(expiresIn.longValue()) : maxLifetime;
    }

    private MintOutcome readRefusal(int status, byte[] body) {
        TokenFields fields = TokenFields.parse(body);
        String error = fields == null ? null : fields.error();
        if (error != null) {
            String code = ERRORS.contains(error) ? error : "an error code that RFC 6749 does not define";
            return Failed.of(Kind.CREDENTIALS_REFUSED, answered(status) + ": " + code);
        }
        // Without a code a 400 may be anybody's, but a 401 speaks of credentials whoever sends it (RFC 9110 §15.5.2).
        return Failed.of(status == 401 ? Kind.CREDENTIALS_REFUSED : Kind.SERVER_ERROR, answered(status));
    }

    private Failed malformed(String what) {
        return Failed.of(Kind.MALFORMED, answered(200) + " with " + what);
    }

    private String answered(int status) {
        return "the token URL " + origin + " answered " + status;
    }

    private static String insteadOfJson(HttpHeaders headers, byte[] body) {
        if (headers.contains(HttpHeaderNames.CONTENT_ENCODING)) {
            return "a Content-Encoding, though none was asked for";
        }
        return isHtml(headers, body) ? "HTML: is the token URL right?" : "something other than JSON";
    }

    private static boolean isHtml(HttpHeaders headers, byte[] body) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
        return type.startsWith("text/html")
                || new String(body, StandardCharsets.ISO_8859_1).stripLeading().startsWith("<");
    }

    /** Seconds, or a date, which is read against the answer's own: our wall clock decides nothing (RFC 9110 §10.2.3). */
    private static @Nullable Duration retryAfter(HttpHeaders headers) {
        String value = headers.get(HttpHeaderNames.RETRY_AFTER, "").strip();
        if (value.matches("[0-9]{1,18}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        Instant until = instant(value);
        Instant now = instant(headers.get(HttpHeaderNames.DATE, ""));
        if (until == null || now == null) {
            return null;
        }
        return until.isBefore(now) ? Duration.ZERO : Duration.between(now, until);
    }

    @SuppressWarnings("JavaUtilDate") // what the parser gives
    private static @Nullable Instant instant(String httpDate) {
        Date date = DateFormatter.parseHttpDate(httpDate);
        return date == null ? null : date.toInstant();
    }

    private String target(HttpHeaders headers) {
        try {
            URI target = URI.create(headers.get(HttpHeaderNames.LOCATION, ""));
            return target.getHost() == null ? "another path" : origin(target);
        } catch (IllegalArgumentException unreadable) {
            return "an unreadable Location";
        }
    }
}
