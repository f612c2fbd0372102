package dev.valifyproxy.exchange;

import dev.valifyproxy.exchange.RetryRule.Progress;
import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.MessageKinds;
import dev.valifyproxy.injection.TokenAwaited;
import dev.valifyproxy.injection.TokenInjectionHandler;
import dev.valifyproxy.injection.TokenRejected;
import dev.valifyproxy.injection.TokenUnavailable;
import dev.valifyproxy.injection.TokenWait;
import dev.valifyproxy.upstream.ConnectionPool;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** One try of a call on an upstream channel. Confined to the call's event loop, which is the channel's too. */
final class Attempt {

    private final Exchange exchange;
    private final Channel channel;
    private final UpstreamHandler handler;
    private final boolean reused;
    private final ChannelPromise headPromise;
    private final long startedAt;
    private boolean awaitsToken;
    private boolean headHandedOver;
    private boolean answered;

    /** Attaches itself to the channel; what happens there comes to it until it is over. */
    Attempt(Exchange exchange, Channel channel, boolean reused, long now) {
        this.exchange = exchange;
        this.channel = channel;
        this.reused = reused;
        this.headPromise = channel.newPromise();
        this.startedAt = now;
        this.handler = UpstreamHandler.of(channel);
        handler.attach(this);
    }

    /** Writes the head, or the wrapper of a second try. */
    void writeHead(Object head) {
        channel.write(head, headPromise);
        if (!awaitsToken) {
            headHandedOver();
        }
    }

    /** Unless it was refused on the spot, the transport has it now. */
    private void headHandedOver() {
        headHandedOver = !headPromise.isDone() || headPromise.isSuccess();
    }

    void write(HttpContent content) {
        channel.write(content, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    /** Whether more can be written; not before the head has its token. */
    boolean isWritable() {
        return channel.isWritable();
    }

    /**
     * Whether the transport was given the head, which may have left from then on. Not whether the write is known to have succeeded: a
     * transport that writes behind our back can report the connection's end before it reports what it had sent.
     */
    boolean isHeadWritten() {
        return headHandedOver;
    }

    void read(boolean on) {
        channel.config().setAutoRead(on);
    }

    /** Since the head was handed over. */
    long age(long now) {
        return now - startedAt;
    }

    private Progress progress() {
        return new Progress(reused, headHandedOver, answered);
    }

    /** The exchange on this channel is over; the channel finds its own way. */
    private void detach() {
        handler.attach(null);
    }

    /**
     * Gives the try up, and its channel with it, unless that was only waited on for a token: then nothing was written, and it serves another.
     */
    void cancel(ConnectionPool pool) {
        detach();
        if (awaitsToken) {
            channel.pipeline().get(TokenInjectionHandler.class).takeBack();
            pool.unused(channel);
        } else {
            channel.close();
        }
    }

    /** Something of the answer, the receiver's to release. */
    void received(Object msg) {
        answered = true;
        if (msg instanceof DefaultHttpResponse head) {
            if (head.decoderResult().isFailure()) {
                exchange.answerMalformed(head);
            } else if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                exchange.interimAnswer(head);
            } else {
                exchange.answerBegan(head);
                if (MessageKinds.isLast(msg)) {
                    ended((LastHttpContent) msg);
                }
            }
        } else if (msg instanceof TokenRejected rejected) {
            detach();
            exchange.tokenRejected(rejected);
        } else if (MessageKinds.isLast(msg)) {
            ended((LastHttpContent) msg);
        } else {
            exchange.answerContinued((HttpContent) msg);
        }
    }

    private void ended(LastHttpContent last) {
        detach();
        exchange.answerEnded(last);
    }

    void event(Object event) {
        if (event == ConnectionEvent.ANSWER_BYTES) {
            answered = true;
        } else if (event instanceof TokenUnavailable unavailable) {
            exchange.tokenUnavailable(unavailable.shortage());
        } else if (event == TokenAwaited.TOKEN_AWAITED) {
            awaitsToken = true;
        } else if (event instanceof TokenWait wait) {
            awaitsToken = false;
            headHandedOver();
            exchange.tokenWaited(wait.nanos());
        }
    }

    void readComplete() {
        exchange.answerReadComplete();
    }

    void writabilityChanged() {
        exchange.upstreamWritabilityChanged();
    }

    void broken(Failure failure) {
        detach();
        exchange.broken(failure, progress());
    }
}
