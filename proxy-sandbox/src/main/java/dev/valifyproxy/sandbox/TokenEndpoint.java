package dev.valifyproxy.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The password grant (RFC 6749 §4.3) as a Django OAuth Toolkit server answers it: an unknown client is 401
 * {@code invalid_client}, a wrong user or password 400 {@code invalid_grant}. A token's life begins when the request has been
 * read: the latency of a slow mint is taken from it.
 */
final class TokenEndpoint {
    static final String PATH = "/api/o/token/";

    private final SandboxCredentials credentials;
    private final long lifetimeSeconds;
    private final TokenLedger tokens;
    private final ErrorAnswers errors;

    TokenEndpoint(SandboxSettings settings, TokenLedger tokens, ErrorAnswers errors) {
        credentials = settings.credentials();
        lifetimeSeconds = settings.tokenLifetime().toSeconds();
        this.tokens = tokens;
        this.errors = errors;
    }

    Answer answer(IncomingCall call) {
        if (!HttpMethod.POST.equals(call.head().method())) {
            return errors.methodNotAllowed(call.head().method().name());
        }
        Map<String, String> form = form(call);
        return form == null ? error(400, "invalid_request", "The form cannot be read.") : grant(form);
    }

    private Answer grant(Map<String, String> form) {
        if (!"password".equals(form.get("grant_type"))) {
            return error(400, "unsupported_grant_type", "");
        }
        if (!credentials.clientId().equals(form.get("client_id"))
                || !credentials.clientSecret().equals(form.get("client_secret"))) {
            return error(401, "invalid_client", "")
                    .with(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer error=\"invalid_client\"");
        }
        for (String name : new String[] {"username", "password"}) {
            if (!form.containsKey(name)) {
                return error(400, "invalid_request", "Request is missing " + name + " parameter.");
            }
        }
        if (!credentials.username().equals(form.get("username"))
                || !credentials.password().equals(form.get("password"))) {
            return error(400, "invalid_grant", "Invalid credentials given.");
        }
        return granted();
    }

    private Answer granted() {
        return uncached(Answer.json(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("access_token", tokens.mint())
                        .put("expires_in", lifetimeSeconds)
                        .put("token_type", "Bearer")
                        .put("scope", "read write")
                        .put("refresh_token", tokens.randomValue())));
    }

    /**
     * The fields of the form, none for another media type; null when it cannot be decoded or repeats a field (§3.2). Of
     * Netty's decoders one ends at a raw {@code #}, which Django takes, and the other leaks a buffer on a bad escape.
     */
    private static @Nullable Map<String, String> form(IncomingCall call) {
        Map<String, String> form = new HashMap<>();
        if (!HttpHeaderValues.APPLICATION_X_WWW_FORM_URLENCODED.contentEqualsIgnoreCase(
                HttpUtil.getMimeType(call.head()))) {
            return form;
        }
        for (String field : call.body().toString(UTF_8).split("&", -1)) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? field : field.substring(0, equals);
            try {
                String value = URLDecoder.decode(field.substring(equals + 1), UTF_8);
                if (form.put(URLDecoder.decode(name, UTF_8), value) != null) {
                    return null;
                }
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return form;
    }

    private static Answer error(int status, String code, String description) {
        var body = JsonNodeFactory.instance.objectNode().put("error", code);
        if (!description.isEmpty()) {
            body.put("error_description", description);
        }
        return uncached(Answer.json(status, body));
    }

    /** RFC 6749 §5.1. */
    private static Answer uncached(Answer answer) {
        return answer.with(HttpHeaderNames.CACHE_CONTROL, "no-store").with(HttpHeaderNames.PRAGMA, "no-cache");
    }
}
