package dev.valifyproxy.clientauth;

import dev.valifyproxy.http.ErrorResponse;
import dev.valifyproxy.http.ErrorResponse.Performed;
import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.Placeholder;
import dev.valifyproxy.http.ProxyError;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers the token path in the upstream's place, so that apps and SDKs which fetch a token of their own run unchanged; their credentials
 * go nowhere. Immutable; any thread.
 */
public final class LocalTokenEndpoint {

    /** Seconds, as Valify answers; the placeholder is good for ever. */
    private static final int EXPIRES_IN = 600;

    private static final Failure NOT_ALLOWED = Failure.of(ProxyError.METHOD_NOT_ALLOWED, "The token path takes POST.");
    private static final Failure NOT_FOUND = Failure.of(ProxyError.NOT_FOUND, "This proxy hands out no tokens.");

    private final ClientAuthSettings settings;
    private final Supplier<String> unique;

    /** As configured. */
    public LocalTokenEndpoint(ClientAuthSettings settings) {
        this(settings, () -> UUID.randomUUID().toString());
    }

    LocalTokenEndpoint(ClientAuthSettings settings, Supplier<String> unique) {
        this.settings = settings;
        this.unique = unique;
    }

    /** What is wrong with asking the token path by this method, or null if {@link #token()} is the answer. */
    public @Nullable Failure refusal(HttpMethod method) {
        return switch (settings.tokenEndpoint()) {
            case OFF -> NOT_FOUND;
            case STUB -> method.equals(HttpMethod.POST) ? null : NOT_ALLOWED;
        };
    }

    /** The answer for a refusal of {@link #refusal}. */
    public FullHttpResponse refused(Failure failure) {
        FullHttpResponse response = ErrorResponse.of(failure, Performed.NO);
        if (failure.error() == ProxyError.METHOD_NOT_ALLOWED) {
            response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.POST.asciiName());
        }
        return response;
    }

    /** A well-formed token answer (RFC 6749 §5.1) with the five fields of Valify's, and no token of Valify's in it. */
    public FullHttpResponse token() {
        String name = Placeholder.PREFIX + unique.get();
        FullHttpResponse response = ErrorResponse.json(
                HttpResponseStatus.OK,
                "{\"access_token\":\"" + name + "\",\"expires_in\":" + EXPIRES_IN
                        + ",\"token_type\":\"Bearer\",\"scope\":\"\",\"refresh_token\":\"" + name + "\"}");
        response.headers().set(HttpHeaderNames.PRAGMA, "no-cache");
        return response;
    }
}
