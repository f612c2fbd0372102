package dev.valifyproxy.exchange;

import dev.valifyproxy.http.FieldSyntax;
import dev.valifyproxy.http.NormalPath;
import dev.valifyproxy.http.RequestTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which calls a profile serves: those that meet every condition given; section {@code match} of a profile. Pure. Two that mean the same are
 * equal, however they were spelt.
 *
 * @param pathPrefix where the call's path lies, in whole segments, both in their normal form; null for anywhere
 * @param host whom the call is meant for, whatever the port unless it names one; null for anyone
 * @param header a field that the call carries; null for none
 */
public record ProfileMatch(
        @Nullable String pathPrefix,
        @Nullable String host,
        @Nullable Header header) {

    /** Every call. */
    public static final ProfileMatch ANY = new ProfileMatch(null, null, null);

    public ProfileMatch {
        pathPrefix = pathPrefix == null ? null : NormalPath.of(pathPrefix);
        host = host == null ? null : host.toLowerCase(Locale.ROOT);
    }

    /**
     * A field that must be there.
     *
     * @param name in any case
     * @param value of one field of this name, exactly
     */
    public record Header(String name, String value) {

        public Header {
            name = name.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Whether a call meets every condition.
     *
     * @param head as the client sent it
     * @param path of its target, in normal form
     */
    boolean includes(HttpRequest head, String path) {
        return (pathPrefix == null || NormalPath.isWithin(path, pathPrefix))
                && (header == null || head.headers().getAll(header.name()).contains(header.value()))
                && (host == null || isFor(host, host(head)));
    }

    /** Whom a call is meant for, as its client says it; null if it does not. */
    static @Nullable String host(HttpRequest head) {
        String authority = RequestTarget.authority(head.uri());
        return authority != null ? authority : head.headers().get(HttpHeaderNames.HOST);
    }

    private static boolean isFor(String wanted, @Nullable String host) {
        return host != null
                && (wanted.equalsIgnoreCase(host) || wanted.equalsIgnoreCase(FieldSyntax.withoutPort(host)));
    }
}
