package dev.valifyproxy.oauth;

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
 * What an exception of the HTTP client means. Pure. Only messages of TLS exceptions are quoted, which speak of certificates; others
 * may quote bytes of an answer.
 */
final class MintFailures {

    private static final int LONGEST_QUOTE = 200;

    private final String origin;
    private final long connectMillis;
    private final long mintMillis;

    MintFailures(OAuthSettings settings) {
        this.origin = TokenResponse.origin(settings.tokenUrl());
        this.connectMillis = settings.connectTimeout().toMillis();
        this.mintMillis = settings.mintTimeout().toMillis();
    }

    Failed read(Throwable error, MintProgress progress) {
        if (find(error, TimeoutException.class) != null) {
            return Failed.of(
                    Kind.TIMED_OUT, "the token URL " + origin + " did not answer within " + mintMillis + " ms");
        }
        String tls = tlsTrouble(error);
        if (tls != null) {
            return unreachable("TLS failure: " + tls);
        }
        if (progress == MintProgress.UNRESOLVED) {
            boolean silent = find(error, DnsNameResolverTimeoutException.class) != null;
            return unreachable(silent ? "no name server answers" : "unknown host");
        }
        if (progress == MintProgress.CONNECTING) {
            return unreachable(connectTrouble(error));
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
