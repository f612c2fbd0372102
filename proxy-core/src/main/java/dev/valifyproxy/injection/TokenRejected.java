package dev.valifyproxy.injection;

import dev.valifyproxy.token.TokenLease;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;

/**
 * The upstream refused the token; comes in place of the whole answer, which it holds. Whoever receives it relays the answer or
 * releases it.
 */
public final class TokenRejected {

    private final HttpResponse head;
    private final List<HttpContent> body;
    private final TokenLease lease;

    TokenRejected(HttpResponse head, List<HttpContent> body, TokenLease lease) {
        this.head = head;
        this.body = body;
        this.lease = lease;
    }

    /** The answer's head. */
    public HttpResponse head() {
        return head;
    }

    /** The answer's body to its last content, the receiver's to pass on. */
    public List<HttpContent> body() {
        return body;
    }

    /** The lease of the refused token, resolved already. */
    public TokenLease lease() {
        return lease;
    }

    /** Gives the answer up. */
    public void release() {
        body.forEach(HttpContent::release);
    }
}
