package dev.valifyproxy.http;

import org.jspecify.annotations.Nullable;

/**
 * Why a call cannot go on, as a value: what the client is told, and what only the log may say.
 *
 * @param error the code; status, metric label and blame come from it
 * @param clientText one sentence for the client; holds no secret and nothing of anybody's body
 * @param logText what an operator should know beyond that, or null
 * @param proxyStatusType the error type of RFC 9209 §2.3, where the cause is known more closely than by the code
 */
public record Failure(
        ProxyError error, String clientText, @Nullable String logText, String proxyStatusType) {

    /** A failure of which the client may know all. */
    public static Failure of(ProxyError error, String clientText) {
        return new Failure(error, clientText, null, error.proxyStatusType());
    }

    /** A failure whose cause is for the log alone. */
    public static Failure of(ProxyError error, String clientText, @Nullable Throwable cause) {
        return new Failure(error, clientText, cause == null ? null : cause.toString(), error.proxyStatusType());
    }

    /** The same, with a closer error type of RFC 9209. */
    public Failure as(String type) {
        return new Failure(error, clientText, logText, type);
    }
}
