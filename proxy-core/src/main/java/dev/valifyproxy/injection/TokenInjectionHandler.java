package dev.valifyproxy.injection;

import dev.valifyproxy.http.ConnectionEvent;
import dev.valifyproxy.http.WholeMessage;
import dev.valifyproxy.token.LeaseReceiver;
import dev.valifyproxy.token.Shortage;
import dev.valifyproxy.token.TokenLease;
import dev.valifyproxy.token.TokenPool;
import dev.valifyproxy.token.Waiter;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Puts a token on each head that is written, in place of whatever the client sent, and owns its lease from there to the answer that ends
 * doubt. It stands on the upstream channel, behind the HTTP codec, so that a use is drawn, and its expiry judged, at the moment of
 * writing.
 *
 * <p>When no use is ready the head waits here, and the channel is unwritable meanwhile. Exits: the answer's head (or its body, where that
 * tells a refusal), a shortage, the channel's end. One per upstream channel, confined to its event loop.
 */
public final class TokenInjectionHandler extends ChannelDuplexHandler {

    /** Our bit among a channel's reasons to be unwritable. */
    private static final int WRITABILITY_INDEX = 1;

    private final TokenPool pool;
    private final RejectionRules rules;
    private final UseScopes scopes;

    /** Null while nothing is to be learnt. */
    private final @Nullable UsesObserver observer;

    /** The head in line for a use, or null. */
    private @Nullable WaitingHead waiting;

    /** The request whose answer is awaited; of no meaning while there is no lease. */
    private @Nullable HttpRequest request;

    private @Nullable TokenLease lease;
    private boolean flushed;
    private boolean secondTry;
    private @Nullable AnswerPeek peek;

    /** Draws uses from this pool, and tells it what answers say of those left where it wants to learn. */
    public TokenInjectionHandler(TokenPool pool, RejectionRules rules, UseScopes scopes) {
        this(pool, rules, scopes, pool.learnsUses() ? new UsesObserver(TokenLease::trialsRemaining) : null);
    }

    /** With this observer of answers, or none. */
    TokenInjectionHandler(TokenPool pool, RejectionRules rules, UseScopes scopes, @Nullable UsesObserver observer) {
        this.pool = pool;
        this.rules = rules;
        this.scopes = scopes;
        this.observer = observer;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof DefaultHttpRequest head) {
            secondTry = false;
            int scope = scopes.of(head.uri());
            TokenLease ready = pool.tryAcquire(scope);
            if (ready != null) {
                send(ctx, head, ready, promise);
            } else {
                WaitingHead place = new WaitingHead(ctx, head, promise);
                hold(ctx, place);
                place.waiter = pool.await(scope, place);
            }
        } else if (msg instanceof SecondTry again) {
            secondTry = true;
            WaitingHead place = new WaitingHead(ctx, again.head(), promise);
            hold(ctx, place);
            place.waiter = pool.awaitNewer(again.rejected(), place);
        } else {
            ctx.write(msg, promise);
        }
    }

    private void send(ChannelHandlerContext ctx, HttpRequest head, TokenLease drawn, ChannelPromise promise) {
        request = head;
        lease = drawn;
        flushed = false;
        head.headers().set(HttpHeaderNames.AUTHORIZATION, drawn.authorization());
        ctx.write(head, promise);
        if (lease == drawn && promise.isDone() && !promise.isSuccess()) {
            // Refused on the spot: the transport never had it.
            drawn.returned();
            forget();
        } else if (observer != null) {
            drawn.headSent();
        }
    }

    /** From here on a head may have left, whatever the transport says of its write: it may learn of the connection's end first. */
    @Override
    public void flush(ChannelHandlerContext ctx) {
        flushed = true;
        ctx.flush();
    }

    /** Takes a head out of the line, if one waits, so that its channel is as good as before; on the channel's event loop. */
    public void takeBack() {
        WaitingHead place = waiting;
        if (place != null) {
            waiting = null;
            place.leave();
            setWritable(place.ctx, true);
        }
    }

    private void hold(ChannelHandlerContext ctx, WaitingHead place) {
        waiting = place;
        setWritable(ctx, false);
        ctx.fireUserEventTriggered(TokenAwaited.TOKEN_AWAITED);
    }

    private void setWritable(ChannelHandlerContext ctx, boolean writable) {
        ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
        if (buffer != null) {
            buffer.setUserDefinedWritability(WRITABILITY_INDEX, writable);
        }
    }

    /** A head's place in line: hears from the mint thread, acts on the event loop. */
    private final class WaitingHead implements LeaseReceiver {

        private final ChannelHandlerContext ctx;
        private final HttpRequest head;
        private final ChannelPromise promise;
        private final long since = System.nanoTime();
        private @Nullable Waiter waiter;

        WaitingHead(ChannelHandlerContext ctx, HttpRequest head, ChannelPromise promise) {
            this.ctx = ctx;
            this.head = head;
            this.promise = promise;
        }

        @Override
        public void acquired(TokenLease granted) {
            onLoop(
                    () -> {
                        if (waiting != this) {
                            granted.returned();
                            return;
                        }
                        waiting = null;
                        send(ctx, head, granted, promise);
                        ctx.fireUserEventTriggered(new TokenWait(System.nanoTime() - since));
                        setWritable(ctx, true);
                        flush(ctx);
                    },
                    granted);
        }

        @Override
        public void unavailable(Shortage shortage) {
            onLoop(
                    () -> {
                        if (waiting == this) {
                            waiting = null;
                            promise.cancel(false);
                            setWritable(ctx, true);
                            ctx.fireUserEventTriggered(new TokenUnavailable(shortage));
                        }
                    },
                    null);
        }

        /** A loop that has been shut down takes no more tasks; then there is no call either. */
        private void onLoop(Runnable task, @Nullable TokenLease orphan) {
            try {
                ctx.executor().execute(task);
            } catch (RejectedExecutionException stopped) {
                if (orphan != null) {
                    orphan.returned();
                }
            }
        }

        void leave() {
            if (waiter != null) {
                waiter.cancel();
            }
            promise.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (peek != null && msg instanceof HttpContent content) {
            peek.add(content);
            if (peek.isDecided()) {
                judge(ctx, peek);
            }
        } else if (lease != null && msg instanceof DefaultHttpResponse answer && isFinal(answer)) {
            answered(ctx, answer, lease);
        } else {
            if (observer != null) {
                observer.passing(msg);
            }
            ctx.fireChannelRead(msg);
        }
    }

    private static boolean isFinal(HttpResponse answer) {
        return answer.decoderResult().isFailure() || answer.status().codeClass() != HttpStatusClass.INFORMATIONAL;
    }

    private void answered(ChannelHandlerContext ctx, HttpResponse answer, TokenLease held) {
        boolean judged =
                answer.decoderResult().isSuccess() && !secondTry && request != null && rules.mayReject(request, answer);
        if (judged) {
            ctx.fireUserEventTriggered(ConnectionEvent.ANSWER_BYTES);
            peek(ctx, answer);
            return;
        }
        if (isAcceptance(answer)) {
            held.accepted();
            if (observer != null) {
                observer.begin(held, answer);
                observer.passing(answer);
            }
        } else {
            held.used();
        }
        forget();
        ctx.fireChannelRead(answer);
    }

    private void peek(ChannelHandlerContext ctx, HttpResponse answer) {
        if (answer instanceof DefaultFullHttpResponse whole) {
            peek = new AnswerPeek(WholeMessage.headOf(whole));
            channelRead(ctx, WholeMessage.contentOf(whole));
        } else {
            peek = new AnswerPeek(answer);
        }
    }

    /** Whether the upstream's application has dealt with the call, which it does not without a good token. */
    private static boolean isAcceptance(HttpResponse answer) {
        int status = answer.status().code();
        return answer.decoderResult().isSuccess() && status < 500 && status != 401 && status != 403;
    }

    private void judge(ChannelHandlerContext ctx, AnswerPeek seen) {
        TokenLease held = lease;
        boolean rejected = seen.isRejection(rules);
        peek = null;
        forget();
        if (held == null) {
            seen.release();
        } else if (rejected) {
            held.rejected();
            ctx.fireChannelRead(new TokenRejected(seen.head(), seen.contents(), held));
        } else {
            held.used();
            ctx.fireChannelRead(seen.head());
            seen.contents().forEach(ctx::fireChannelRead);
        }
    }

    private void forget() {
        lease = null;
        request = null;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    /** The channel's end: no answer will come. A head of which the socket took nothing used no token. */
    private void end() {
        if (waiting != null) {
            waiting.leave();
            waiting = null;
        }
        if (peek != null) {
            peek.release();
            peek = null;
        }
        if (lease != null) {
            if (flushed) {
                lease.used();
            } else {
                lease.returned();
            }
        }
        forget();
    }
}
