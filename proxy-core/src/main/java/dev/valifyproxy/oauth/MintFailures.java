package dev.valifyproxy.oauth;

import dev.valifyproxy.http.EgressProxy;
import dev.valifyproxy.token.MintOutcome.Failed;
import dev.valifyproxy.token.MintOutcome.Kind;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What an exception of the HTTP client means, and a refusal of the egress proxy's. Pure. Only messages of TLS exceptions are quoted, which
 * speak of certificates; others may quote bytes of an answer.
 */
final class MintFailures {

    private static final int LONGEST_QUOTE = 200;

    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    private final String origin;
    private final @Nullable EgressProxy proxy;
    private final long connectMillis;
    private final long mintMillis;

    MintFailures(OAuthSettings settings) {
        this.origin = TokenResponse.origin(settings.tokenUrl());
        this.proxy = settings.proxy();
        this.connectMillis = settings.connectTimeout().toMillis();
        this.mintMillis = settings.mintTimeout().toMillis();
    }

    /** Whether this status comes from the egress proxy, though not in answer to a wish for a tunnel. */
    boolean isEgressProxys(int status) {
        return proxy != null && status == PROXY_AUTHENTICATION_REQUIRED;
    }

    /** The egress proxy answered with this status, so that there is no way to the token URL. */
    Failed refusedByEgressProxy(int status) {
        return egressFailed(
                (status / 100 == 5 ? "it could not connect to it" : "it refused the connection") + " (" + status + ")");
    }

    Failed read(Throwable error, MintProgress progress) {
        if (find(error, TimeoutException.class) != null) {
            return progress == MintProgress.TUNNELLING
                    ? egressFailed("it did not answer within " + mintMillis + " ms")
                    : Failed.of(
                            Kind.TIMED_OUT, "the token URL " + origin + " did not answer within " + mintMillis + " ms");
        }
        String tls = tlsTrouble(error);
        if (tls != null) {
            return unreachable("TLS failure: " + tls);
        }
        if (progress == MintProgress.UNRESOLVED) {
            boolean silent = find(error, DnsNameResolverTimeoutException.class) != null;
            return unconnected(silent ? "no name server answers" : "unknown host");
        }
        if (progress == MintProgress.CONNECTING) {
            return unconnected(connectTrouble(error));
        }
        if (progress == MintProgress.TUNNELLING) {
            boolean closed = find(error, IOException.class) != null;
            return egressFailed(closed ? "the connection closed before it stood" : "it did not answer in HTTP");
        }
        if (find(error, IOException.class) != null) {
            boolean answering = progress == MintProgress.ANSWERING;
            return unreachable("connection closed " + (answering ? "in the middle of the" : "without an") + " answer");
        }
        return Failed.of(Kind.MALFORMED, "the token URL " + origin + " did not answer in HTTP");
    }

    private static @Nullable String tlsTrouble(Throwable error) {
        if (find(error, NotSslRecordException.class) != null) {
            return "it does not speak TLS"; // the exception's message quotes what it does speak
        }
        SSLException tls = find(error, SSLException.class);
        return tls == null ? null : quote(tls);
    }

    private String connectTrouble(Throwable error) {
        if (find(error, ConnectTimeoutException.class) != null) {
            return "connect timed out after " + connectMillis + " ms";
        }
        if (find(error, NoRouteToHostException.class) != null) {
            return "no route to host";
        }
        boolean refused = find(error, ConnectException.class) != null;
        return refused
                ? "connection refused"
                : "no connection (" + error.getClass().getSimpleName() + ")";
    }

    /** There is no connection to the first that had to be connected to. */
    private Failed unconnected(String why) {
        return proxy == null ? unreachable(why) : egressFailed(why);
    }

    private Failed egressFailed(String why) {
        String address = proxy == null ? "" : " " + proxy.address();
        return Failed.of(
                Kind.EGRESS_FAILED,
                "the token URL " + origin + " is unreachable through the egress proxy" + address + ": " + why);
    }

    private Failed unreachable(String why) {
        return Failed.of(Kind.UNREACHABLE, "the token URL " + origin + " is unreachable: " + why);
    }

    private static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }

    /** The innermost message is the one that names the trouble. */
    private static String quote(Throwable error) {
        Throwable innermost = error;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage() == null ? innermost.getClass().getSimpleName() : innermost.getMessage();
        String printable = message.replaceAll("[^ -~]", "?");
        return printable.substring(0, Math.min(printable.length(), LONGEST_QUOTE));
    }
}
