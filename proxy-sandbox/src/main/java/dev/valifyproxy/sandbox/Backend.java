package dev.valifyproxy.sandbox;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all connections of one sandbox share: its state, and its two kinds of endpoints. Thread-safe. */
record Backend(
        Faults faults,
        CallLog calls,
        TokenLedger tokens,
        ErrorAnswers errors,
        TokenEndpoint tokenEndpoint,
        Services services,
        String scheme) {
    static Backend of(SandboxSettings settings, String scheme, @Nullable Consumer<Call> listener) {
        Faults faults = new Faults();
        ErrorAnswers errors = new ErrorAnswers(faults);
        TokenLedger tokens = new TokenLedger(settings);
        return new Backend(
                faults,
                new CallLog(settings.recordedCalls(), listener),
                tokens,
                errors,
                new TokenEndpoint(settings, tokens, errors),
                new Services(settings, tokens, errors),
                scheme);
    }

    /** Performs a request, with what its fault changes about that. */
    Answer perform(IncomingCall call) {
        if (call.fault() instanceof Fault.Redirected redirected) {
            return redirect(redirected.status(), call);
        }
        if (call.kind() == Call.Kind.MINT) {
            return call.fault() instanceof Fault.Replaced replaced ? replaced.answer() : tokenEndpoint.answer(call);
        }
        String token = call.bearerToken();
        if (call.fault() instanceof Fault.TokenRejected && token != null) {
            tokens.revoke(token);
        }
        Answer answer = services.answer(call);
        if (call.fault() instanceof Fault.Replaced replaced && !call.isTokenRefused()) {
            return replaced.answer();
        }
        return answer;
    }

    /** Makes a request seen in the log; before this, a test that waits for it goes on waiting. */
    void record(IncomingCall call, long connection) {
        if (calls.isHeard()) {
            calls.keep(call.asRecord(tokens, connection, calls.isRecording()));
        }
        calls.count(call.kind());
    }

    private Answer redirect(int status, IncomingCall call) {
        String location = scheme + "://" + call.head().headers().get(HttpHeaderNames.HOST, "")
                + call.head().uri();
        return Answer.of(status, "text/html; charset=utf-8", "").with(HttpHeaderNames.LOCATION, location);
    }
}
