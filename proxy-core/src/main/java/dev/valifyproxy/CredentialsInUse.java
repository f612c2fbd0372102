package dev.valifyproxy;

import dev.valifyproxy.oauth.Credentials;
import dev.valifyproxy.oauth.OAuthTokenSource;
import dev.valifyproxy.token.TokenPool;

/** What an account mints with at present. One thread at a time. */
final class CredentialsInUse implements AutoCloseable {

    private Credentials credentials;
    private OAuthTokenSource source;

    CredentialsInUse(Credentials credentials, OAuthTokenSource source) {
        this.credentials = credentials;
        this.source = source;
    }

    /** The pool mints with these from now on; whether they differ from those so far. */
    boolean switchTo(Credentials next, TokenPool pool) {
        if (next.equals(credentials)) {
            return false;
        }
        credentials = next;
        source = source.withCredentials(next);
        pool.switchTo(source);
        return true;
    }

    /** Closes the connections to the token endpoint. */
    @Override
    public void close() {
        source.close();
    }
}
