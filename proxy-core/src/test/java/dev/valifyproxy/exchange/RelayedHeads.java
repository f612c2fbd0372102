package dev.valifyproxy.exchange;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;

/** What an exchange does to the heads it passes on, for tests of other packages. */
public final class RelayedHeads {

    private static final Profile PLAIN = new Profile("plain", ProfileMatch.ANY, null, null, null, null, null);

    private RelayedHeads() {}

    /** Makes a client's head the upstream's. */
    public static void outgoing(HttpRequest head, String target, CharSequence host) {
        OutgoingHead.prepare(head, target, host);
    }

    /** Makes the upstream's head the client's. */
    public static void incoming(HttpResponse head) {
        AnswerWriter.prepare(head, PLAIN);
    }
}
