package dev.valifyproxy.config;

import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rules that a URL in the configuration must meet; the first broken one is told. */
enum UrlRule {
    SCHEME(
            "must be an absolute http or https URL, such as https://valifystage.com",
            url -> "http".equals(url.getScheme()) || "https".equals(url.getScheme())),
    USER_INFO(
            "must not hold a user name or password: credentials have keys of their own, token.username and token.password",
            url -> url.getRawUserInfo() == null
                    && !String.valueOf(url.getRawAuthority()).contains("@")),
    HOST("must name a host, such as https://valifystage.com", url -> url.getHost() != null),
    PORT("must have a port of 1 to 65535, or none", url -> url.getPort() != 0 && url.getPort() <= 65_535),
    /** RFC 6749 §3.2 forbids it for a token endpoint, and elsewhere it has no meaning. */
    FRAGMENT("must not have a fragment (the part behind #)", url -> url.getRawFragment() == null),
    QUERY("must not have a query (the part behind ?): each call brings its own", url -> url.getRawQuery() == null),
    PATH(
            "must end behind the host: each call brings its whole path, such as /api/v1.5/ocr/, which is put behind this URL",
            url -> Set.of("", "/").contains(url.getRawPath()));

    /** For a URL that names an endpoint, path and all. */
    static final Set<UrlRule> ENDPOINT = EnumSet.range(SCHEME, FRAGMENT);

    /** For a URL that names a server and nothing on it. */
    static final Set<UrlRule> ORIGIN = EnumSet.allOf(UrlRule.class);

    private final String text;
    private final Predicate<URI> isMet;

    UrlRule(String text, Predicate<URI> isMet) {
        this.text = text;
        this.isMet = isMet;
    }

    /** What would be right. */
    String text() {
        return text;
    }

    static @Nullable UrlRule firstBroken(Set<UrlRule> rules, URI url) {
        return rules.stream().filter(rule -> !rule.isMet.test(url)).findFirst().orElse(null);
    }

    /**
     * The URL as it may be shown: without what may be a secret, user info and query. Works on any text, since what does not
     * parse may hold a secret all the same.
     */
    static String masked(String url) {
        int at = url.lastIndexOf('@');
        int scheme = url.indexOf("://");
        String hidden =
                at < 0 ? url : url.substring(0, scheme < 0 || scheme > at ? 0 : scheme + 3) + "***" + url.substring(at);
        int query = hidden.indexOf('?');
        return query < 0 ? hidden : hidden.substring(0, query) + "?***";
    }
}
