package dev.valifyproxy;

import dev.valifyproxy.oauth.Credentials;
import dev.valifyproxy.oauth.OAuthTokenSource;
import dev.valifyproxy.token.TokenPool;

/** What an account mints with at present. One thread at a time. */
final class CredentialsInUse implements AutoCloseable {

    private final OAuthTokenSource first;
    private Credentials current;

    /** With these at first, and a source that mints with them. */
    CredentialsInUse(Credentials credentials, OAuthTokenSource source) {
        this.first = source;
        this.current = credentials;
    }

    /** The pool mints with these from now on; whether they differ from those so far. */
    boolean switchTo(Credentials next, TokenPool pool) {
        if (next.equals(current)) {
            return false;
        }
        current = next;
        pool.switchTo(first.withCredentials(next));
        return true;
    }

    /** Closes the connections to the token endpoint, which all sources share; any thread. */
    @Override
    public void close() {
        first.close();
    }
}
