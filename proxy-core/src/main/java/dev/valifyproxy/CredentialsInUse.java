package dev.valifyproxy;

import dev.valifyproxy.oauth.OAuthSettings;
import dev.valifyproxy.oauth.OAuthTokenSource;
import dev.valifyproxy.token.TokenPool;

/** What one pool mints with at present. One thread at a time. */
final class CredentialsInUse {

    private final TokenPool pool;
    private OAuthSettings settings;
    private OAuthTokenSource source;

    CredentialsInUse(TokenPool pool, OAuthSettings settings, OAuthTokenSource source) {
        this.pool = pool;
        this.settings = settings;
        this.source = source;
    }

    /** Credentials are shown to the token endpoint they belong to, and to no other. */
    void requireSameEndpoint(OAuthSettings next) {
        if (!next.tokenUrl().equals(settings.tokenUrl())) {
            throw new IllegalArgumentException("the token URL is another one now, " + next.shownTokenUrl()
                    + ": what a running proxy can take up is credentials for " + settings.shownTokenUrl());
        }
    }

    /** Mints with those of {@code next} from now on; whether they differ from those so far. */
    boolean switchTo(OAuthSettings next) {
        if (next.credentials().equals(settings.credentials())) {
            return false;
        }
        settings = next;
        source = source.withCredentials(next.credentials());
        pool.switchTo(source);
        return true;
    }
}
