package dev.valifyproxy.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * What heads are told of their way here; keys {@code upstream.add-via} and {@code upstream.add-forwarded}. Pure but for the heads.
 *
 * @param via whether {@code Via} is added, to requests and answers (RFC 9110 §7.6.3)
 * @param forwarded how a request tells who made it
 */
public record Provenance(boolean via, Forwarded forwarded) {

    /** How a request tells who made it. */
    public enum Forwarded {
        /** Not at all. */
        OFF,
        /** By {@code Forwarded} (RFC 7239). */
        FORWARDED,
        /** By the fields that were usual before it. */
        X_FORWARDED
    }

    private static final String NAME = "valify-proxy";
    private static final String FROM_HTTP_10 = "1.0 " + NAME;
    private static final String FROM_HTTP_11 = "1.1 " + NAME;

    /** Clients are met without TLS; what ends it in front of this proxy says so itself. */
    private static final String SCHEME = "http";

    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString X_FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");

    /**
     * Tells a request's head.
     *
     * @param received the version it came in
     * @param host whom the client meant it for; null if it did not say
     */
    void addTo(HttpHeaders head, HttpVersion received, @Nullable String host, ClientAddress client) {
        if (via) {
            addVia(head, received);
        }
        switch (forwarded) {
            case OFF -> {
                // Nobody asked.
            }
            case FORWARDED -> OutgoingHead.append(head, FORWARDED, element(host, client));
            case X_FORWARDED -> {
                OutgoingHead.append(head, X_FORWARDED_FOR, client.plain());
                addIfMissing(head, X_FORWARDED_PROTO, SCHEME);
                addIfMissing(head, X_FORWARDED_HOST, host);
            }
        }
    }

    /** Tells an answer's head. */
    void addTo(HttpResponse answer) {
        if (via) {
            addVia(answer.headers(), answer.protocolVersion());
        }
    }

    private static void addVia(HttpHeaders head, HttpVersion received) {
        OutgoingHead.append(head, HttpHeaderNames.VIA, received.minorVersion() == 0 ? FROM_HTTP_10 : FROM_HTTP_11);
    }

    /** A host may have a port, whose colon asks for quotes; what else it can hold needs no escape in them. */
    private static String element(@Nullable String host, ClientAddress client) {
        String ofHost = host == null ? "" : ";host=\"" + host + "\"";
        return "for=" + client.node() + ofHost + ";proto=" + SCHEME;
    }

    /** What stands in front of this proxy knows better by what name and scheme it was called. */
    private static void addIfMissing(HttpHeaders head, AsciiString name, @Nullable String value) {
        if (value != null && !head.contains(name)) {
            head.add(name, value);
        }
    }
}
