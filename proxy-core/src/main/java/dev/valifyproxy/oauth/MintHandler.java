package dev.valifyproxy.oauth;

import dev.valifyproxy.token.MintOutcome;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.asynchttpclient.AsyncHandler;
import org.asynchttpclient.HttpResponseBodyPart;
import org.asynchttpclient.HttpResponseStatus;
import org.asynchttpclient.netty.request.NettyRequest;
import org.jspecify.annotations.Nullable;

/** Receives the answer to one mint, as far as it is worth receiving. Confined to the mint loop. */
final class MintHandler implements AsyncHandler<@Nullable Void> {

    /** A token answer has a few hundred bytes; the longest of tokens in a JWT some thousands. */
    static final int MOST_BYTES = 64 * 1024;

    private final TokenResponse response;
    private final MintFailures failures;
    private final CompletableFuture<MintOutcome> outcome = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private MintProgress progress = MintProgress.CONNECTING;
    private int status;
    private HttpHeaders headers = EmptyHttpHeaders.INSTANCE;
    private boolean tooLarge;

    /** The egress proxy's, if the answer was its own. */
    private @Nullable MintOutcome refusal;

    MintHandler(TokenResponse response, MintFailures failures) {
        this.response = response;
        this.failures = failures;
    }

    /** Completes once, on the mint loop. */
    CompletableFuture<MintOutcome> outcome() {
        return outcome;
    }

    @Override
    public void onHostnameResolutionFailure(String name, Throwable cause) {
        progress = MintProgress.UNRESOLVED;
    }

    @Override
    public void onRequestSend(NettyRequest sent) {
        boolean tunnel = sent.getHttpRequest().method().equals(HttpMethod.CONNECT);
        progress = tunnel ? MintProgress.TUNNELLING : MintProgress.SENT;
    }

    @Override
    public State onStatusReceived(HttpResponseStatus received) {
        status = received.getStatusCode();
        if (progress == MintProgress.TUNNELLING || failures.isEgressProxys(status)) {
            refusal = failures.refusedByEgressProxy(status);
            return State.ABORT;
        }
        progress = MintProgress.ANSWERING;
        return State.CONTINUE;
    }

    @Override
    public State onHeadersReceived(HttpHeaders received) {
        headers = received;
        return State.CONTINUE;
    }

    @Override
    public State onBodyPartReceived(HttpResponseBodyPart part) {
        tooLarge = body.size() + part.length() > MOST_BYTES;
        if (tooLarge) {
            return State.ABORT;
        }
        body.writeBytes(part.getBodyPartBytes());
        return State.CONTINUE;
    }

    @Override
    public @Nullable Void onCompleted() {
        outcome.complete(refusal != null ? refusal : answer());
        return null;
    }

    private MintOutcome answer() {
        return tooLarge ? response.tooLarge(status, MOST_BYTES) : response.read(status, headers, body.toByteArray());
    }

    @Override
    public void onThrowable(Throwable error) {
        outcome.complete(failures.read(error, progress));
    }
}
