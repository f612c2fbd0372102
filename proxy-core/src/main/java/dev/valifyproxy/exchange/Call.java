package dev.valifyproxy.exchange;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ProxyError;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request and its answer on a client channel, from the head on: forwarded ({@link Exchange}) or answered here ({@link LocalExchange}).
 * Hears what the client's side does, and ends exactly once, in a {@link CallRecord}. Confined to the client channel's event loop.
 */
abstract sealed class Call permits Exchange, LocalExchange {

    private static final Logger log = LoggerFactory.getLogger(Call.class);

    final ClientConnection connection;
    final Generation generation;
    private final long startedAt;
    private boolean ended;

    long requestBytes;
    long responseBytes;
    int status;
    int attempts;
    long upstreamNanos = -1;
    long tokenWaitNanos;

    Call(ClientConnection connection, Generation generation) {
        this.connection = connection;
        this.generation = generation;
        this.startedAt = connection.now();
    }

    /** Some of the request's body, the call's to release. */
    abstract void content(HttpContent content);

    /** What was read from the client at once has been handed over. */
    abstract void readComplete();

    /** The client takes more again, or no more at present. */
    abstract void writabilityChanged();

    /** The client sends nothing more; it may still read. */
    abstract void inputShut();

    /** The client's connection has ended. */
    abstract void gone();

    /** The client stopped sending in the middle of its request. */
    abstract void bodyTimedOut();

    /** The proxy stops: the call is out of time. */
    abstract void cutOff();

    final ChannelHandlerContext client() {
        return connection.context();
    }

    final boolean hasEnded() {
        return ended;
    }

    final void end(Outcome outcome, @Nullable ProxyError error) {
        if (ended) {
            return;
        }
        ended = true;
        connection.callEnded(this);
        tellListener(new CallRecord(
                outcome,
                status,
                error,
                attempts,
                requestBytes,
                responseBytes,
                connection.now() - startedAt,
                upstreamNanos,
                tokenWaitNanos));
    }

    /** Ends without a record: another call takes this one's place, which began at the same time. */
    final void giveWay() {
        ended = true;
        connection.callEnded(this);
    }

    /** An embedder's bug must not cost the client its answer, of which the end may not have been written yet. */
    private void tellListener(CallRecord call) {
        try {
            generation.listener().ended(call);
        } catch (RuntimeException bug) {
            log.error("a call listener failed", bug);
        }
    }
}
