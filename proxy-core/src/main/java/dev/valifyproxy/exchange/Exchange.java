package dev.valifyproxy.exchange;

import dev.valifyproxy.exchange.CallRecord.Outcome;
import dev.valifyproxy.http.ErrorResponse;
import dev.valifyproxy.http.ErrorResponse.Performed;
import dev.valifyproxy.http.Failure;
import dev.valifyproxy.http.HopByHop;
import dev.valifyproxy.http.InvalidMessage;
import dev.valifyproxy.http.MessageKinds;
import dev.valifyproxy.http.ProxyError;
import dev.valifyproxy.injection.SecondTry;
import dev.valifyproxy.injection.TokenRejected;
import dev.valifyproxy.token.Shortage;
import dev.valifyproxy.upstream.ConnectionPool;
import dev.valifyproxy.upstream.ConnectionReceiver;
import dev.valifyproxy.worker.ReadControl;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * One forwarded call: connect, send, relay, end. It lives on the client channel's event loop, and so does every channel it uses, so it
 * needs no lock. What happens on the client's side and on the upstream's comes to it as calls; each way out ends in {@link #finish}.
 */
final class Exchange extends Call implements ConnectionReceiver {

    private final Profile profile;
    private final HttpRequest head;
    private final ReplayBuffer body;
    private final ContinueRule interim;
    private final AnswerWriter answer;
    private boolean requestComplete;

    /** The try that is on; null while there is no connection. */
    private @Nullable Attempt attempt;

    /** The answer that refused the first token, kept in case no second one comes. */
    private @Nullable TokenRejected refusal;

    /** Whether a head went out that was not refused for its token: then the call may have been performed. */
    private boolean mayBePerformed;

    private boolean repeated;
    private boolean answerBegun;
    private boolean starting;
    private boolean sending;

    Exchange(ClientConnection connection, Generation generation, Profile profile, HttpRequest head) {
        super(connection, generation);
        this.profile = profile;
        this.head = head;
        this.body = new ReplayBuffer(generation.memory(), generation.settings().maxReplayBody());
        this.interim = new ContinueRule(head, connection.interim());
        this.answer = new AnswerWriter(connection.context());
    }

    // ---- connect and send

    /** Begins; the call has been admitted. */
    void start() {
        profile.budget().call();
        if (generation.settings().totalTimeout() != null) {
            connection.total().set(generation.settings().totalTimeout().toNanos());
        }
        starting = true;
        pool().acquire(this);
        starting = false;
    }

    private ConnectionPool pool() {
        return profile.upstream().pool(connection.worker());
    }

    @Override
    public void connected(Channel channel, boolean reused) {
        if (hasEnded()) {
            pool().unused(channel);
            return;
        }
        Attempt begun = new Attempt(this, channel, reused, connection.now());
        attempt = begun;
        attempts++;
        begun.writeHead(refusal == null ? head : new SecondTry(head, refusal.lease()));
        interim.headHandedOver();
        send();
        // A call that found a connection at once is flushed when its client's read is over, its body with it.
        if (!starting) {
            begun.flush();
        }
    }

    @Override
    public void failed(Failure failure) {
        if (!hasEnded()) {
            fail(failure, false);
        }
    }

    /** Sends what is there of the body as long as the upstream takes it. */
    private void send() {
        Attempt current = attempt;
        if (current != null && !sending) {
            sending = true;
            boolean sent = sendTo(current);
            sending = false;
            // An upstream that takes nothing has no longer than one that has stopped taking.
            boolean begins = sent || !connection.answer().isSet();
            if (begins && current == attempt && current.isHeadWritten() && !answerBegun) {
                awaitAnswer();
            }
        }
        pauseOrResumeClient();
    }

    private boolean sendTo(Attempt current) {
        boolean sends = body.hasUnsent() && current.isWritable();
        while (body.hasUnsent() && current.isWritable()) {
            current.write(body.next());
        }
        return sends;
    }

    /** It is the upstream's turn: to answer a complete request, or to take more of it. Else it is the client's. */
    private void awaitAnswer() {
        if (requestComplete || body.hasUnsent()) {
            connection.answer().set(generation.settings().responseHeadTimeout().toNanos());
        } else {
            connection.answer().clear();
        }
    }

    /** A call that has not gone out is read as far as its body may be kept; one that has, as far as the upstream takes it. */
    private void pauseOrResumeClient() {
        boolean waiting = attempt == null || !attempt.isHeadWritten();
        if (waiting ? body.mayHoldMore() : !body.hasUnsent()) {
            connection.reading().resume(ReadControl.BACK_PRESSURE);
        } else {
            connection.reading().pause(ReadControl.BACK_PRESSURE);
        }
    }

    // ---- the client's side

    @Override
    void content(HttpContent content) {
        requestBytes += content.content().readableBytes();
        if (content.decoderResult().isFailure()) {
            content.release();
            fail(InvalidMessage.failureOf(content));
        } else if (requestBytes > generation.settings().maxRequestBody()) {
            content.release();
            fail(CallFailures.BODY_TOO_LARGE);
        } else {
            if (MessageKinds.isLast(content)) {
                requestComplete = true;
                HopByHop.stripTrailers(((LastHttpContent) content).trailingHeaders());
            }
            body.add(content);
            send();
        }
    }

    @Override
    void readComplete() {
        if (attempt != null) {
            attempt.flush();
        }
    }

    @Override
    void writabilityChanged() {
        if (attempt == null) {
            return;
        }
        boolean writable = client().channel().isWritable();
        // Interim answers are held back too: there is no limit to their number.
        attempt.read(writable);
        if (answerBegun && writable) {
            connection.answer().set(generation.settings().responseIdleTimeout().toNanos());
        } else if (answerBegun) {
            connection.answer().clear();
        }
    }

    @Override
    void inputShut() {
        if (!requestComplete || !hasGoneOut()) {
            gone();
            client().close();
        }
    }

    /** Whether a try's head went upstream, be it this try's or the first one's, refused for its token. */
    private boolean hasGoneOut() {
        return mayBePerformed || refusal != null || (attempt != null && attempt.isHeadWritten());
    }

    @Override
    void gone() {
        cancelAttempt();
        finish(Outcome.ABANDONED, null);
    }

    @Override
    void bodyTimedOut() {
        fail(CallFailures.BODY_STALLED);
    }

    @Override
    void cutOff() {
        fail(CallFailures.STOPPED);
    }

    /** An exception that nobody expected. */
    void bug() {
        fail(CallFailures.BUG);
    }

    // ---- the upstream's side

    /**
     * Netty tells this from within a write, too. Another write from there would re-enter the encoder, which would send what it is at a
     * second time; so whoever is sending looks for itself.
     */
    void upstreamWritabilityChanged() {
        if (sending) {
            return;
        }
        send();
        if (attempt != null) {
            attempt.flush();
        }
    }

    void tokenWaited(long nanos) {
        tokenWaitNanos += nanos;
    }

    void tokenUnavailable(Shortage shortage) {
        fail(CallFailures.of(shortage));
    }

    void tokenRejected(TokenRejected rejected) {
        attempt = null;
        connection.answer().clear();
        if (RetryRule.afterRejection(body.isReplayable(), profile.budget()::trySpend)) {
            refusal = rejected;
            body.rewind();
            pool().acquire(this);
        } else {
            relay(rejected);
        }
    }

    private void relay(TokenRejected answer) {
        answerBegan(answer.head());
        for (HttpContent content : answer.body()) {
            if (content instanceof LastHttpContent last) {
                answerEnded(last);
            } else {
                answerContinued(content);
            }
        }
    }

    void interimAnswer(HttpResponse answer) {
        if (interim.isToBeRelayed(answer)) {
            AnswerWriter.prepareInterim(answer, profile);
            client().writeAndFlush(answer, client().voidPromise());
        }
    }

    void answerMalformed(HttpResponse answer) {
        fail(InvalidMessage.failureOf(answer));
    }

    void answerBegan(HttpResponse begun) {
        answerBegun = true;
        status = begun.status().code();
        if (attempt != null) {
            upstreamNanos = attempt.age(connection.now());
        }
        body.stopKeeping();
        connection.interim().clear();
        AnswerWriter.prepare(begun, profile);
        if (!requestComplete) {
            begun.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        answer.head(begun);
    }

    void answerContinued(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            fail(InvalidMessage.failureOf(content));
        } else {
            answer.content(content);
        }
    }

    void answerEnded(LastHttpContent last) {
        attempt = null;
        if (last.decoderResult().isFailure()) {
            last.release();
            fail(InvalidMessage.failureOf(last), true);
            return;
        }
        HopByHop.stripTrailers(last.trailingHeaders());
        responseBytes = answer.bytes() + last.content().readableBytes();
        // Before it is written: behind it the next call begins.
        finish(Outcome.RELAYED, null);
        answer.end(last);
    }

    void answerReadComplete() {
        answer.readComplete();
        if (answerBegun && attempt != null && client().channel().isWritable()) {
            connection.answer().set(generation.settings().responseIdleTimeout().toNanos());
        }
    }

    void broken(Failure failure, RetryRule.Progress progress) {
        attempt = null;
        connection.answer().clear();
        mayBePerformed |= progress.headWritten();
        if (RetryRule.afterBreak(progress, head.method(), body.isReplayable(), repeated)) {
            repeated = true;
            body.rewind();
            pool().acquireFresh(this);
        } else {
            fail(failure, progress.headWritten());
        }
    }

    void answerTimedOut() {
        fail(CallFailures.NO_ANSWER);
    }

    void totalTimedOut() {
        fail(CallFailures.TOO_LONG);
    }

    void continueTimedOut() {
        client().writeAndFlush(interim.ownContinue(), client().voidPromise());
    }

    // ---- the end

    private void fail(Failure failure) {
        fail(failure, attempt != null && attempt.isHeadWritten());
    }

    /**
     * Ends the call with an error of ours, or, where an answer has begun, by breaking it off visibly. A call whose first token was refused
     * has an answer to fall back on as long as its second try did not go out.
     */
    private void fail(Failure failure, boolean headWritten) {
        cancelAttempt();
        TokenRejected first = refusal;
        if (answer.hasBegun()) {
            responseBytes = answer.bytes();
            finish(Outcome.TRUNCATED, failure.error());
            client().flush();
            client().close();
        } else if (first != null && !headWritten && failure.error().blame() != ProxyError.Blame.CLIENT) {
            refusal = null;
            relay(first);
        } else {
            answer(failure, headWritten || mayBePerformed ? Performed.UNKNOWN : Performed.NO);
        }
    }

    private void answer(Failure failure, Performed performed) {
        if (starting && performed == Performed.NO) {
            giveWayTo(failure);
            return;
        }
        FullHttpResponse response = ErrorResponse.of(failure, performed);
        if (!requestComplete) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        status = response.status().code();
        responseBytes = response.content().readableBytes();
        finish(Outcome.FAILED, failure.error());
        client().writeAndFlush(response, client().voidPromise());
    }

    /** Refused before anything of its body was received, which may well be short: then the connection can stay. */
    private void giveWayTo(Failure failure) {
        release();
        giveWay();
        LocalExchange.refuseForNow(connection, generation, head, failure);
    }

    private void cancelAttempt() {
        if (attempt != null) {
            attempt.cancel(pool());
            attempt = null;
        }
    }

    private void finish(Outcome outcome, @Nullable ProxyError error) {
        if (hasEnded()) {
            return;
        }
        release();
        end(outcome, error);
    }

    private void release() {
        body.release();
        if (refusal != null) {
            refusal.release();
            refusal = null;
        }
        generation.admission().leave();
    }
}
