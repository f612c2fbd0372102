package dev.valifyproxy.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sandbox saw of one request, token requests included.
 *
 * @param kind whether it went to the token endpoint
 * @param method as received
 * @param uri the request target as received, query included
 * @param headers names and values in the order and spelling received; a token request's {@code Authorization} is masked
 * @param bodyLength bytes of body read, without the framing
 * @param bodySha256 of that body in lower-case hex; empty for a token request, whose body is made of credentials, and
 *     where calls are not kept
 * @param tokenId which token it brought, by the name that {@link TokenLedger} gives it; null for none or an unknown one
 * @param tokenRefused whether it was refused for its token, or for want of one, and therefore not performed
 * @param fault what befell it; null for nothing
 * @param connection the number of its connection, counted from 1, one that was reset at once left out
 */
public record Call(
        Kind kind,
        String method,
        String uri,
        List<Header> headers,
        long bodyLength,
        String bodySha256,
        @Nullable String tokenId,
        boolean tokenRefused,
        @Nullable Fault fault,
        long connection) {
    /** The two kinds of requests. */
    public enum Kind {
        /** A request to the path of the token endpoint, whatever its method. */
        MINT,
        /** Any other request. */
        SERVICE
    }

    /** One header field as received. */
    public record Header(String name, String value) {}

    public Call {
        headers = List.copyOf(headers);
    }

    /** The values of a header in order, its name compared without regard to case. */
    public List<String> values(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    /** Without header values, among which is a token. */
    @Override
    public String toString() {
        return "Call[" + method + " " + uri + ", " + bodyLength + " bytes, " + tokenId + ", connection " + connection
                + "]";
    }
}
