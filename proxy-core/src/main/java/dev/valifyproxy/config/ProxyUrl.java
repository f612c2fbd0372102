package dev.valifyproxy.config;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.secret.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The form in which an HTTP proxy is written: {@code http://user:password@host:port}. Pure. */
final class ProxyUrl {

    private static final String FORM = "must be http://host:port, perhaps with user:password@ before the host,"
            + " signs in these escaped: %40 for @, %3A for :, %2F for /";

    private ProxyUrl() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none; the message says what would be right and holds nothing of the text
     */
    static EgressProxy parse(String text) {
        URI url = uri(text);
        if (!"http".equals(url.getScheme())) {
            throw new IllegalArgumentException(
                    "must be an http URL, such as http://proxy.bank.example:3128: other kinds of proxies are not supported");
        }
        if (url.getHost() == null || !Set.of("", "/").contains(url.getRawPath()) || hasMore(url)) {
            throw new IllegalArgumentException(FORM);
        }
        if (url.getPort() < 1 || url.getPort() > 65_535) {
            throw new IllegalArgumentException(
                    "must have a port of 1 to 65535, such as http://proxy.bank.example:3128");
        }
        String host = url.getHost();
        return new EgressProxy(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                url.getPort(),
                login(url.getRawUserInfo()));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(FORM, e);
        }
    }

    private static boolean hasMore(URI url) {
        return url.getRawQuery() != null || url.getRawFragment() != null;
    }

    private static EgressProxy.@Nullable Login login(@Nullable String userInfo) {
        if (userInfo == null) {
            return null;
        }
        int colon = userInfo.indexOf(':');
        String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
        String password = colon < 0 ? "" : decoded(userInfo.substring(colon + 1));
        if (user.contains(":")) {
            throw new IllegalArgumentException("must have a user name without a colon (RFC 7617 §2)");
        }
        if ((user + password).chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must have no control characters in user or password");
        }
        return new EgressProxy.Login(Secret.of(user), Secret.of(password));
    }

    /** The JDK's decoder is one for forms, where a plus is a space. */
    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
