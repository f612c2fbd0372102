package dev.valifyproxy.exchange;

import dev.valifyproxy.http.HopByHop;
import dev.valifyproxy.http.LocationRewrite;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Writes the upstream's answer to the client. The head waits until what was read with it is known, so that a small answer goes out in one
 * piece, and one that breaks at once not at all. Confined to the call's event loop.
 */
final class AnswerWriter {

    private final ChannelHandlerContext client;
    private @Nullable HttpResponse waitingHead;
    private boolean begun;
    private long bytes;

    AnswerWriter(ChannelHandlerContext client) {
        this.client = client;
    }

    /** Makes the upstream's head the one for the client: hop-by-hop fields go, a location of the upstream becomes a path. */
    static void prepare(HttpResponse answer, Profile profile) {
        prepareInterim(answer, profile);
        LocationRewrite rewrite = profile.location();
        boolean redirects = answer.status().codeClass() == HttpStatusClass.REDIRECTION
                || answer.status().code() == HttpResponseStatus.CREATED.code();
        String location = redirects && rewrite != null ? answer.headers().get(HttpHeaderNames.LOCATION) : null;
        String path = location == null || rewrite == null ? null : rewrite.rewrite(location);
        if (path != null) {
            OutgoingHead.replace(answer.headers(), HttpHeaderNames.LOCATION, path);
        }
    }

    /** The same for an interim answer, which leads nowhere. */
    static void prepareInterim(HttpResponse answer, Profile profile) {
        HopByHop.strip(answer.headers());
        if (profile.provenance() != null) {
            profile.provenance().addTo(answer);
        }
    }

    /** Whether the client has seen any of the answer, so that no other can take its place. */
    boolean hasBegun() {
        return begun;
    }

    /** Bytes of the body written. */
    long bytes() {
        return bytes;
    }

    void head(HttpResponse answer) {
        waitingHead = answer;
    }

    void content(HttpContent content) {
        writeHead();
        bytes += content.content().readableBytes();
        client.write(content, client.voidPromise());
    }

    /** No more was read with what has been written. */
    void readComplete() {
        writeHead();
        client.flush();
    }

    /** The end, which is the whole answer if it is the head, too. */
    void end(LastHttpContent last) {
        if (last == waitingHead) {
            waitingHead = null;
            begun = true;
        }
        writeHead();
        bytes += last.content().readableBytes();
        client.writeAndFlush(last, client.voidPromise());
    }

    private void writeHead() {
        HttpResponse answer = waitingHead;
        if (answer != null) {
            waitingHead = null;
            begun = true;
            client.write(answer, client.voidPromise());
        }
    }
}
